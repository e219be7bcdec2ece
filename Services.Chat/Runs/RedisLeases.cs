using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>
/// Limits that hold over all replicas and leak nothing on a crash: a set of holders that expire, and behind it those who wait,
/// served in the order they came. Redis' own clock decides, so replicas need not agree on the time.
/// </summary>
internal sealed partial class RedisLeases(
    RedisClient redis, IOptions<RunLogOptions> options, TimeProvider timeProvider, ILogger<RedisLeases> logger)
{
    // KEYS: holders by expiry, waiting by ticket, waiting by expiry, last ticket. ARGV: holder, limit, most waiting, lease ms, patience ms.
    // 1 held; 0 waits; -1 nobody else may wait.
    private const string Take = """
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local limit, lease, patience = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
        redis.call('zremrangebyscore', KEYS[1], '-inf', now)
        for _, gone in ipairs(redis.call('zrangebyscore', KEYS[3], '-inf', now)) do
          redis.call('zrem', KEYS[2], gone)
          redis.call('zrem', KEYS[3], gone)
        end
        local held = redis.call('zscore', KEYS[1], ARGV[1])
        local free = limit - redis.call('zcard', KEYS[1])
        local answer = 1
        if not held then
          if not redis.call('zscore', KEYS[2], ARGV[1]) then
            if redis.call('zcard', KEYS[2]) >= free + tonumber(ARGV[3]) then return -1 end
            redis.call('zadd', KEYS[2], redis.call('incr', KEYS[4]), ARGV[1])
          end
          redis.call('zadd', KEYS[3], now + patience, ARGV[1])
          if redis.call('zrank', KEYS[2], ARGV[1]) < free then
            redis.call('zrem', KEYS[2], ARGV[1])
            redis.call('zrem', KEYS[3], ARGV[1])
          else
            answer = 0
          end
        end
        if answer == 1 then redis.call('zadd', KEYS[1], now + lease, ARGV[1]) end
        for index = 1, 4 do redis.call('pexpire', KEYS[index], 2 * (lease + patience)) end
        return answer
        """;

    // ARGV: holder, lease ms. Never takes a place anew: a renewal on its way must not outlive the giving back.
    private const string Renew = """
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        if not redis.call('zscore', KEYS[1], ARGV[1]) then return 0 end
        redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
        redis.call('pexpire', KEYS[1], 2 * ARGV[2])
        return 1
        """;

    private const string GiveBack = """
        redis.call('zrem', KEYS[2], ARGV[1])
        redis.call('zrem', KEYS[3], ARGV[1])
        return redis.call('zrem', KEYS[1], ARGV[1])
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(200);

    public TimeSpan Renewal => options.Value.Renewal;

    /// <summary>Takes a place now.</summary>
    /// <returns>False when all are taken.</returns>
    public async Task<bool> TryTakeAsync(Lease lease, CancellationToken cancellationToken) =>
        await TakeAsync(lease, mostWaiting: 0, cancellationToken) == 1;

    /// <summary>Takes a place, waiting in order while all are taken.</summary>
    public async Task WaitAsync(Lease lease, int mostWaiting, CancellationToken cancellationToken)
    {
        var pause = FirstPoll;
        while (true)
        {
            switch (await TakeAsync(lease, mostWaiting, cancellationToken))
            {
                case 1:
                    return;
                case -1:
                    throw new DomainException(DomainErrorKind.RateLimited, "run.too_many_waiting", "Too many of your messages are waiting already.");
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
            pause = pause * 2 < LongestPoll ? pause * 2 : LongestPoll;
        }
    }

    /// <returns>False when the place was lost meanwhile.</returns>
    public async Task<bool> RenewAsync(Lease lease, CancellationToken cancellationToken)
    {
        RedisValue[] values = [lease.Holder, (long)options.Value.Lease.TotalMilliseconds];
        return (long)await redis.RunAsync(
            "EVAL lease_renew", database => database.ScriptEvaluateAsync(Renew, [lease.Key], values), cancellationToken) == 1;
    }

    /// <summary>Gives the place, or the place in the queue, back. When Redis is away the lease runs out by itself.</summary>
    public async Task GiveBackAsync(Lease lease)
    {
        try
        {
            await redis.RunAsync(
                "EVAL lease_give_back", database => database.ScriptEvaluateAsync(GiveBack, Keys(lease.Key), [lease.Holder]), CancellationToken.None);
        }
        catch (RedisUnavailableException exception)
        {
            LogNotGivenBack(exception);
        }
    }

    public async Task<string?> FirstHolderAsync(string key, CancellationToken cancellationToken)
    {
        var holders = await redis.RunAsync("ZRANGE lease", database => database.SortedSetRangeByRankAsync(key, 0, 0), cancellationToken);
        return holders is [var holder] ? holder.ToString() : null;
    }

    private static RedisKey[] Keys(string key) => [key, $"{key}:waiting", $"{key}:patience", $"{key}:ticket"];

    private async Task<long> TakeAsync(Lease lease, int mostWaiting, CancellationToken cancellationToken)
    {
        RedisValue[] values =
        [
            lease.Holder, lease.Limit, mostWaiting, (long)options.Value.Lease.TotalMilliseconds, (long)Patience.TotalMilliseconds,
        ];
        return (long)await redis.RunAsync(
            "EVAL lease_take", database => database.ScriptEvaluateAsync(Take, Keys(lease.Key), values), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "A lease could not be given back and will run out.")]
    private partial void LogNotGivenBack(Exception exception);
}
