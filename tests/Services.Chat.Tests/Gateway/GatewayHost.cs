using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Gateway;
using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>The gateway on a real port with the service's own security, and a key server in the practice service's place.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly TokenFactory _tokens = new();
    private readonly JwksServer _keys;
    private readonly WebApplication _app;
    private string? _file;

    private GatewayHost(JwksServer keys, TokenFactory tokens, WebApplication app, SettledCalls settled, LoggedLines logged)
    {
        Settled = settled;
        Logged = logged;
        _keys = keys;
        _tokens = tokens;
        _app = app;
    }

    /// <summary>What became of each call.</summary>
    public SettledCalls Settled { get; }

    public LoggedLines Logged { get; }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public string Url => _app.Urls.Single();

    public string Token => _tokens.Issue(UserRole.Practitioner, Guid.CreateVersion7());

    public static async Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var tokens = new TokenFactory();
        var settled = new SettledCalls();
        var logged = new LoggedLines();
        var keys = await JwksServer.StartAsync(tokens);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings.Append(("services:api:http:0", keys.Url)).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2));

        // Tests send the same request many times and mean each of them; those of the cache turn it on.
        builder.Configuration["Gateway:Cache:Enabled"] ??= "false";
        builder.Configuration["ConnectionStrings:redis"] ??= (await DataServers.StartAsync()).RedisConnectionString;
        builder.AddServiceDefaults();
        builder.AddRedisClient("redis");
        builder.Services.AddModels().AddGateway().AddSingleton<IModelCallObserver>(settled);
        builder.Logging.AddProvider(logged);
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        var app = builder.Build();
        app.UseErrors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapDefaultEndpoints();
        app.MapGateway();

        // The wire of responses as far as it is forwarded, without what stores them here.
        app.MapPost("/test/responses", static async (HttpContext context, GatewayCalls calls) =>
            await calls.ServeAsync(context, ModelCallKind.Responses, static (_, _, _, _, _) => throw new InvalidOperationException("Nothing is translated here.")))
            .RequireAuthorization()
            .AddEndpointFilter<GatewayErrorFilter>();
        await app.StartAsync();
        return new(keys, tokens, app, settled, logged);
    }

    /// <summary>With a catalogue of its own, in a file.</summary>
    public static async Task<GatewayHost> StartWithCatalogueAsync(string yaml, params (string Key, string Value)[] settings)
    {
        var file = Path.Combine(Path.GetTempPath(), $"models-{Guid.CreateVersion7():N}.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var host = await StartAsync([.. settings, ("MODELS_CONFIG", file)]);
        host._file = file;
        return host;
    }

    /// <summary>Changes the catalogue's file, as an operator does.</summary>
    public Task ChangeCatalogueAsync(string yaml) => File.WriteAllTextAsync(_file!, yaml);

    public async Task<JsonElement> StatsAsync(string endpoint)
    {
        using var client = Client();
        var stats = await client.GetFromJsonAsync<JsonElement>("/stats");
        return stats.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("endpoints").EnumerateArray())
            .First(one => one.GetProperty("name").GetString() == endpoint);
    }

    public string TokenOf(TestToken caller) => _tokens.Issue(caller);

    public HttpClient Client(bool signedIn = true) => Client(signedIn ? Token : null);

    public HttpClient Client(TestToken caller) => Client(TokenOf(caller));

    private HttpClient Client(string? token)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _keys.DisposeAsync();
        _tokens.Dispose();

        if (_file is not null)
        {
            File.Delete(_file);
        }
    }
}
