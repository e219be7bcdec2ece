using System.Globalization;
using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>
/// Lets replicas share what they know of endpoints, in the background: no call waits for Redis. A cooldown is published when it begins
/// and read again at every beat, for who missed the word or has just started; at each beat a replica also says that it is there,
/// because the rates of an endpoint are divided among all. While Redis is away a replica goes by what it sees itself.
/// </summary>
internal sealed partial class CooldownExchange(
    EndpointStates states, RedisClient redis, IOptions<RoutingOptions> options, TimeProvider timeProvider, ILogger<CooldownExchange> logger) : BackgroundService
{
    private const string Channel = "models:cooldowns";
    private const string ReplicasKey = "models:replicas";

    // Who has not been heard of for this long is gone.
    private const int ReplicaSeconds = 10;

    // KEYS: replicas, then one for each endpoint. ARGV: this replica, seconds. Returns the count of replicas, then milliseconds and kind for each endpoint.
    private const string BeatScript = """
        local now = redis.call('TIME')
        redis.call('ZADD', KEYS[1], now[1], ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now[1] - ARGV[2])
        redis.call('EXPIRE', KEYS[1], ARGV[2] * 6)
        local found = { tostring(redis.call('ZCARD', KEYS[1])) }
        for i = 2, #KEYS do
            found[#found + 1] = tostring(redis.call('PTTL', KEYS[i]))
            found[#found + 1] = redis.call('GET', KEYS[i]) or ''
        end
        return found
        """;

    private readonly string _replica = Guid.CreateVersion7().ToString("N");

    // The newest matter most; an endpoint that fails again is published again.
    private readonly Channel<Cooldown> _begun = System.Threading.Channels.Channel.CreateBounded<Cooldown>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>False while Redis is away, from the first beat that failed to the first that did not.</summary>
    public bool IsShared { get; private set; } = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        states.Cooled += OnCooled;

        try
        {
            await Task.WhenAll(PublishAsync(stoppingToken), BeatAsync(stoppingToken));
        }
        finally
        {
            states.Cooled -= OnCooled;
        }
    }

    private void OnCooled(Cooldown cooldown) => _begun.Writer.TryWrite(cooldown);

    private async Task PublishAsync(CancellationToken stoppingToken)
    {
        await foreach (var cooldown in _begun.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await redis.RunAsync("SET model_cooldown", database => database.StringSetAsync(Key(cooldown.EndpointId), Kind(cooldown), cooldown.Duration, When.Always, CommandFlags.None), stoppingToken);
                await redis.RunAsync("PUBLISH model_cooldown", database => database.PublishAsync(new RedisChannel(Channel, RedisChannel.PatternMode.Literal), Format(cooldown)), stoppingToken);
            }
            catch (RedisUnavailableException)
            {
                // The next beat says so. The others find out for themselves, as this replica did.
            }
        }
    }

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        IAsyncDisposable? subscription = null;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.BeatSeconds), timeProvider);

        try
        {
            do
            {
                try
                {
                    subscription ??= await redis.SubscribeAsync(Channel, Hear, stoppingToken);
                    await ReadAsync(stoppingToken);
                    Share(true);
                }
                catch (RedisUnavailableException exception)
                {
                    states.LoseSight();
                    Share(false, exception.Reason);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync();
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var ids = states.Ids.ToList();
        RedisKey[] keys = [ReplicasKey, .. ids.Select(id => (RedisKey)Key(id))];
        var found = (string[])(await redis.RunAsync(
            "EVAL model_beat", database => database.ScriptEvaluateAsync(BeatScript, keys, [_replica, ReplicaSeconds]), cancellationToken))!;
        states.Replicas = int.Parse(found[0], CultureInfo.InvariantCulture);

        for (var index = 0; index < ids.Count; index++)
        {
            if (long.Parse(found[1 + (2 * index)], CultureInfo.InvariantCulture) is var milliseconds and > 0)
            {
                states.Hear(new(ids[index], TimeSpan.FromMilliseconds(milliseconds), found[2 + (2 * index)] == "rate"));
            }
        }
    }

    // On the connection's reading thread: parsed and noted, nothing more.
    private void Hear(RedisValue message)
    {
        if (((string?)message)?.Split(' ', 3) is [var milliseconds, var kind, var id] && long.TryParse(milliseconds, CultureInfo.InvariantCulture, out var duration))
        {
            states.Hear(new(id, TimeSpan.FromMilliseconds(duration), kind == "rate"));
        }
    }

    // 60000 failure gpt-4o|openai|other|http://localhost:8001/v1|gpt-4o
    private static string Format(Cooldown cooldown) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)cooldown.Duration.TotalMilliseconds} {Kind(cooldown)} {cooldown.EndpointId}");

    private static string Kind(Cooldown cooldown) => cooldown.IsRateLimited ? "rate" : "failure";

    private static string Key(string endpointId) => $"models:cooldown:{endpointId}";

    private void Share(bool isShared, string? reason = null)
    {
        if (isShared != IsShared)
        {
            IsShared = isShared;

            if (isShared)
            {
                LogShared();
            }
            else
            {
                LogAlone(reason);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The state of model endpoints is this replica's own while Redis is away: {Reason}.")]
    private partial void LogAlone(string? reason);

    [LoggerMessage(LogLevel.Information, "The state of model endpoints is shared again.")]
    private partial void LogShared();
}
