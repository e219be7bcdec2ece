using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AiPlatform.Load;

/// <summary>The same GET and SET through <see cref="RedisClient"/> and through the library itself, each on a connection of its own.</summary>
internal sealed class RedisCalls : IAsyncDisposable
{
    private const string Value = "a value of fifty bytes or so, as a lease or a hint.";

    private readonly RedisClient _client;
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly RedisKey[] _keys = [.. Enumerable.Range(0, 64).Select(caller => (RedisKey)$"load:{caller}")];

    private RedisCalls(RedisClient client, ConnectionMultiplexer multiplexer)
    {
        _client = client;
        _multiplexer = multiplexer;
    }

    public static async Task<RedisCalls> OpenAsync(DataServers servers, CancellationToken cancellationToken)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
#if !ASPIRE_PACKAGES
        multiplexer.PreserveAsyncOrder = false;
#endif
        var calls = new RedisCalls(new(servers.RedisConnectionString, TimeProvider.System, NullLogger<RedisClient>.Instance), multiplexer);
        await Task.WhenAll(Enumerable.Range(0, calls._keys.Length).Select(caller => calls.SetAsync(caller, cancellationToken)));
        return calls;
    }

    public Task GetRawAsync(int caller, CancellationToken cancellationToken) => _multiplexer.GetDatabase().StringGetAsync(_keys[caller]);

    public Task SetRawAsync(int caller, CancellationToken cancellationToken) =>
        _multiplexer.GetDatabase().StringSetAsync(_keys[caller], Value, null, When.Always, CommandFlags.None);

    public Task GetAsync(int caller, CancellationToken cancellationToken) =>
        _client.RunAsync("GET load", database => database.StringGetAsync(_keys[caller]), cancellationToken);

    public Task SetAsync(int caller, CancellationToken cancellationToken) => _client.RunAsync(
        "SET load", database => database.StringSetAsync(_keys[caller], Value, null, When.Always, CommandFlags.None), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _multiplexer.Dispose();
    }
}
