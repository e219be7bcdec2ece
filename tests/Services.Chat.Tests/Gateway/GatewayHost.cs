using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Gateway;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>The gateway on a real port with the service's own security, and a key server in the practice service's place.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly TokenFactory _tokens = new();
    private readonly JwksServer _keys;
    private readonly WebApplication _app;

    private GatewayHost(JwksServer keys, TokenFactory tokens, WebApplication app)
    {
        _keys = keys;
        _tokens = tokens;
        _app = app;
    }

    public string Url => _app.Urls.Single();

    public string Token => _tokens.Issue(UserRole.Practitioner, Guid.CreateVersion7());

    public static async Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var tokens = new TokenFactory();
        var keys = await JwksServer.StartAsync(tokens);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings.Append(("services:api:http:0", keys.Url)).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2));
        builder.AddServiceDefaults();
        builder.Services.AddModels().AddGateway();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGateway();
        await app.StartAsync();
        return new(keys, tokens, app);
    }

    public HttpClient Client(bool signedIn = true)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization = signedIn ? new AuthenticationHeaderValue("Bearer", Token) : null;
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _keys.DisposeAsync();
        _tokens.Dispose();
    }
}
