using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>
/// Entries in Redis, sealed, each under its practice and hash. A practice's entries are listed with when they go, so that there is a most and they can be
/// taken away by user and model; marks say what was taken away when, so that a reply that was under way meanwhile does not come back.
/// </summary>
internal sealed partial class RedisCacheStore
{
    public const string Channel = "gateway:cache:cleared";

    // A call that began before a clearing is over by then.
    private const int MarkSeconds = 6 * 60 * 60;

    // KEYS: the entry. The time that it is now, then how long the entry lives and its contents when there is one.
    private const string Read = """
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local found = redis.call('get', KEYS[1])
        if not found then return {now} end
        return {now, redis.call('pttl', KEYS[1]), found}
        """;

    // KEYS: the entry, the practice's list, its marks. ARGV: contents, lifetime ms, when its call began, user, model, hash, key prefix, most.
    private const string Save = """
        local begun = tonumber(ARGV[3])
        for _, mark in ipairs(redis.call('hmget', KEYS[3], '|', ARGV[4] .. '|', '|' .. ARGV[5], ARGV[4] .. '|' .. ARGV[5])) do
          if mark and tonumber(mark) >= begun then return 0 end
        end
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local lifetime = tonumber(ARGV[2])
        redis.call('set', KEYS[1], ARGV[1], 'px', lifetime)
        redis.call('zremrangebyscore', KEYS[2], '-inf', now)
        redis.call('zadd', KEYS[2], now + lifetime, ARGV[4] .. ARGV[6] .. ARGV[5])
        redis.call('pexpire', KEYS[2], math.max(lifetime, redis.call('pttl', KEYS[2])))
        for _, old in ipairs(redis.call('zrange', KEYS[2], 0, -1 - tonumber(ARGV[8]))) do
          redis.call('del', ARGV[7] .. string.sub(old, 33, 96))
          redis.call('zrem', KEYS[2], old)
        end
        return 1
        """;

    // KEYS: the practice's list, its marks. ARGV: user or '', model or '', key prefix, lifetime of marks in s, channel, practice.
    private const string Clear = """
        local time = redis.call('time')
        redis.call('hset', KEYS[2], ARGV[1] .. '|' .. ARGV[2], time[1] * 1000 + math.floor(time[2] / 1000))
        redis.call('expire', KEYS[2], ARGV[4])
        local removed = 0
        for _, member in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do
          if (ARGV[1] == '' or string.sub(member, 1, 32) == ARGV[1]) and (ARGV[2] == '' or string.sub(member, 97) == ARGV[2]) then
            removed = removed + redis.call('del', ARGV[3] .. string.sub(member, 33, 96))
            redis.call('zrem', KEYS[1], member)
          end
        end
        redis.call('publish', ARGV[5], ARGV[6] .. '|' .. ARGV[1] .. '|' .. ARGV[2])
        return removed
        """;

    private readonly RedisClient _redis;
    private readonly ContentCipher _cipher;
    private readonly int _most;

    public RedisCacheStore(RedisClient redis, IOptions<CacheOptions> options, ILogger<RedisCacheStore> logger)
    {
        (_redis, _most) = (redis, options.Value.MaxPerPractice);
        _cipher = new(options.Value.Key, "gateway cache");

        if (options.Value is { Enabled: true, Key: null })
        {
            LogOwnKey(logger);
        }
    }

    /// <summary>Looks for an entry. One that does not open for its address is none.</summary>
    /// <exception cref="RedisUnavailableException"/>
    public async Task<CacheFinding> FindAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        var found = (RedisResult[])(await _redis.RunAsync(
            "EVAL cache_read", database => database.ScriptEvaluateAsync(Read, [Key(address)]), cancellationToken))!;

        return found is [var now, var left, var record] && _cipher.Open(address.Place, (byte[])record!) is { } content && CachedReply.Read(address.PracticeId, content) is { } reply
            ? new(reply, TimeSpan.FromMilliseconds((long)left), (long)now)
            : new(null, TimeSpan.Zero, (long)found[0]);
    }

    /// <param name="begun">From <see cref="FindAsync"/>, before the call.</param>
    /// <returns>False when it was cleared away while its call was under way.</returns>
    /// <exception cref="RedisUnavailableException"/>
    public async Task<bool> SaveAsync(CachePlan plan, CachedReply reply, long begun, CancellationToken cancellationToken)
    {
        var practice = plan.Address.PracticeId;
        RedisKey[] keys = [Key(plan.Address), ListKey(practice), MarksKey(practice)];
        RedisValue[] values =
        [
            _cipher.Seal(plan.Address.Place, reply.ToBytes()), (long)plan.TimeToLive.TotalMilliseconds, begun, plan.Origin.UserId.ToString("N"), plan.Origin.Model, plan.Address.Hash,
            Prefix(practice), _most,
        ];
        return (long)await _redis.RunAsync("EVAL cache_save", database => database.ScriptEvaluateAsync(Save, keys, values), cancellationToken) == 1;
    }

    /// <summary>Takes a practice's entries away, those of one user's calls or of one model only when they are named. The other replicas are told.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="RedisUnavailableException"/>
    public async Task<long> ClearAsync(Guid practiceId, Guid? userId, string? model, CancellationToken cancellationToken)
    {
        RedisValue[] values = [userId?.ToString("N") ?? "", model ?? "", Prefix(practiceId), MarkSeconds, Channel, practiceId.ToString("N")];
        return (long)await _redis.RunAsync(
            "EVAL cache_clear", database => database.ScriptEvaluateAsync(Clear, [ListKey(practiceId), MarksKey(practiceId)], values), cancellationToken);
    }

    /// <summary>Reads what a clearing told the replicas: 0a..32 digits|user's 32 digits or nothing|model or nothing.</summary>
    public static (Guid PracticeId, Guid? UserId, string? Model)? Parse(string message) =>
        message.Split('|', 3) is [var practice, var user, var model] && Guid.TryParse(practice, CultureInfo.InvariantCulture, out var practiceId)
            ? (practiceId, Guid.TryParse(user, CultureInfo.InvariantCulture, out var userId) ? userId : null, model.Length > 0 ? model : null)
            : null;

    private static string Prefix(Guid practiceId) => $"gateway:{practiceId}:cache:";

    private static RedisKey Key(CacheAddress address) => Prefix(address.PracticeId) + address.Hash;

    private static RedisKey ListKey(Guid practiceId) => $"gateway:{practiceId}:cache-list";

    private static RedisKey MarksKey(Guid practiceId) => $"gateway:{practiceId}:cache-marks";

    [LoggerMessage(LogLevel.Warning, "Cached replies are encrypted with a key of this process: other replicas cannot read them, and neither can it after a restart. Gateway:Cache:Key sets one.")]
    private static partial void LogOwnKey(ILogger logger);
}

/// <param name="Reply">Null: there is none.</param>
/// <param name="Left">How long it has to live.</param>
/// <param name="Now">The store's time, by which a call is told from clearings.</param>
internal sealed record CacheFinding(CachedReply? Reply, TimeSpan Left, long Now);
