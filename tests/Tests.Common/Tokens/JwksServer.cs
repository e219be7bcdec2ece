using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>
/// Publishes the keys of token factories where Services.Api publishes its own. A service under test finds it by the setting
/// <c>services:api:http:0</c> = <see cref="Url"/>.
/// </summary>
public sealed class JwksServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TokenFactory> _keys = new();
    private int _keyFetches;
    private int _discoveryFetches;

    private JwksServer()
    {
        _app = LoopbackHost.Create();
        _app.MapGet("/.well-known/openid-configuration", GetDiscovery);
        _app.MapGet("/.well-known/jwks.json", GetKeys);
    }

    public string Url => LoopbackHost.UrlOf(_app);

    public int KeyFetches => _keyFetches;

    public int DiscoveryFetches => _discoveryFetches;

    /// <summary>Answers 503 while true.</summary>
    public bool Fails { get; set; }

    public static async Task<JwksServer> StartAsync(params TokenFactory[] keys)
    {
        var server = new JwksServer();
        foreach (var key in keys)
        {
            server.Publish(key);
        }

        await server._app.StartAsync();
        return server;
    }

    public void Publish(TokenFactory key) => _keys[key.KeyId] = key;

    public void Withdraw(TokenFactory key) => _keys.TryRemove(key.KeyId, out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult GetDiscovery()
    {
        Interlocked.Increment(ref _discoveryFetches);
        return Fails
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new Dictionary<string, object>
            {
                ["issuer"] = TokenFactory.DefaultIssuer,
                ["jwks_uri"] = $"{Url}/.well-known/jwks.json",
                ["token_endpoint"] = $"{Url}/connect/token",
                ["id_token_signing_alg_values_supported"] = (string[])["ES256"],
            });
    }

    private IResult GetKeys()
    {
        Interlocked.Increment(ref _keyFetches);
        return Fails
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { keys = _keys.Values.Select(key => key.ToJsonWebKey()) });
    }
}
