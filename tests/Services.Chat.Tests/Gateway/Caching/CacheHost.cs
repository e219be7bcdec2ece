using System.Net;
using System.Text;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Caching;

/// <summary>The gateway with its cache on and a model server behind it; and a second replica on the same Redis.</summary>
internal sealed class CacheHost : IAsyncDisposable
{
    private readonly string _catalogue;
    private readonly (string, string)[] _settings;
    private readonly List<GatewayHost> _replicas = [];

    private CacheHost(string catalogue, (string, string)[] settings) => (_catalogue, _settings) = (catalogue, settings);

    public GatewayHost Gateway => _replicas[0];

    /// <param name="group">What the group m says beside its name and its endpoint.</param>
    public static Task<CacheHost> StartAsync(string baseUrl, string group = "", params (string, string)[] settings) =>
        StartWithAsync($$"""groups: [{ name: m, aliases: [other-name], {{group}} endpoints: [{ name: a, base_url: "{{baseUrl}}", model: x }] }]""", settings);

    public static async Task<CacheHost> StartWithAsync(string catalogue, params (string, string)[] settings)
    {
        // A Redis that a busy machine lets wait is not one that is away.
        (string, string)[] own = [("Gateway:Cache:Enabled", "true"), ("Gateway:Cache:Key", "a secret of the tests, long enough for it"), ("Gateway:Cache:ReadMilliseconds", "5000")];
        var host = new CacheHost(catalogue, [.. settings.UnionBy(own, setting => setting.Item1)]);
        await host.StartReplicaAsync();
        return host;
    }

    public async Task<GatewayHost> StartReplicaAsync()
    {
        var replica = await GatewayHost.StartWithCatalogueAsync(_catalogue, _settings);
        _replicas.Add(replica);
        await Eventually.BecomesTrueAsync(() => replica.Get<CacheClearing>().Hears, "the replica hears of clearings");
        return replica;
    }

    public async Task<CacheReply> AskAsync(string body, TestToken caller, string path = "/v1/chat/completions", GatewayHost? at = null, string? header = null)
    {
        using var client = (at ?? Gateway).Client(caller);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        if (header is not null)
        {
            request.Headers.Add("Cache-Control", header);
        }

        using var response = await client.SendAsync(request);
        return new(response.StatusCode, CacheReply.Flag(response), await response.Content.ReadAsByteArrayAsync());
    }

    /// <returns>The keys of a practice's entries in Redis, once there are so many.</returns>
    public async Task<string[]> KeysAsync(TestToken user, int count)
    {
        var redis = Gateway.Get<RedisClient>();
        string[] keys = [];
        await Eventually.BecomesTrueAsync(
            async () => (keys = (string[])(await redis.RunAsync(
                "EVAL keys", database => database.ScriptEvaluateAsync("return redis.call('keys', ARGV[1])", null, [$"gateway:{user.PracticeId}:cache:*"]), default))!).Length == count,
            $"{count} replies are in Redis");
        return keys;
    }

    public Task<ModelCall> SettledAsync() => Gateway.Settled.NextAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }
    }
}

internal sealed record CacheReply(HttpStatusCode Status, string Hit, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static string Flag(HttpResponseMessage response) => response.Headers.TryGetValues("X-Proxy-Cache-Hit", out var values) ? values.Single() : "none";
}
