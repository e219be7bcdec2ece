using AiPlatform.ServiceDefaults.Errors;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.ServiceDefaults.Tests;

/// <summary>A service as ours are, with nothing but the defaults and the test's own endpoints, on real Kestrel, beside a real issuer.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly JwksServer _issuer;

    private TestService(WebApplication app, JwksServer issuer, TokenFactory tokens)
    {
        _app = app;
        _issuer = issuer;
        Tokens = tokens;
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public TokenFactory Tokens { get; }

    public HttpClient Client { get; }

    public string Url => _app.Urls.Single();

    public IServiceProvider Services => _app.Services;

    public static async Task<TestService> StartAsync(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        Dictionary<string, string?>? settings = null,
        CancellationToken cancellationToken = default)
    {
        var tokens = new TokenFactory();
        var issuer = await JwksServer.StartAsync(tokens);

        // Without watching its settings files: a watcher per service would use up the machine's.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:api:http:0"] = issuer.Url,
            ["Logging:LogLevel:Default"] = "Critical",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseErrors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync(cancellationToken);
        return new(app, issuer, tokens);
    }

    /// <summary>Asks as the bearer of the token, or as nobody.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null, HttpContent? content = null, Action<HttpRequestHeaders>? headers = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        headers?.Invoke(request.Headers);
        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null, Action<HttpRequestHeaders>? headers = null) =>
        SendAsync(HttpMethod.Get, path, token, headers: headers);

    public string IssueToken() => Tokens.Issue(new TestToken());

    /// <summary>The body as JSON, members in order of their names, without the trace id, which is checked to be one.</summary>
    public static async Task<string> ReadProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<SortedDictionary<string, JsonElement>>(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((int)response.StatusCode, problem["status"].GetInt32());
        Assert.Matches("^[0-9a-f]{32}$", problem["traceId"].GetString());
        Assert.NotEqual(new string('0', 32), problem["traceId"].GetString());
        Assert.True(problem.Remove("traceId") && problem.Remove("status") && problem.Remove("type") && problem.Remove("title"));
        return JsonSerializer.Serialize(problem);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
        Tokens.Dispose();
    }
}
