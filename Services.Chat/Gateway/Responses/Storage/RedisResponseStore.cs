using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Gateway.Responses.Storage;

/// <summary>
/// Responses for as long as they are kept, each a hash: its status (s), its sealed contents (d), and, while it is made in the
/// background, until when its replica has promised to be alive (a). A user's ids are listed, so that the oldest can go.
/// </summary>
internal sealed class RedisResponseStore(RedisClient redis, ResponseCipher cipher, IOptions<ResponseStorageOptions> options)
{
    // KEYS: the response, the user's list. ARGV: id, status, contents, lifetime ms, most per user, key prefix, lease ms (0 when it is done).
    private const string Save = """
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local lifetime = tonumber(ARGV[4])
        redis.call('hset', KEYS[1], 's', ARGV[2], 'd', ARGV[3], 'a', now + tonumber(ARGV[7]))
        redis.call('pexpire', KEYS[1], lifetime)
        redis.call('zremrangebyscore', KEYS[2], '-inf', now - lifetime)
        redis.call('zadd', KEYS[2], now, ARGV[1])
        redis.call('pexpire', KEYS[2], lifetime)
        for _, old in ipairs(redis.call('zrange', KEYS[2], 0, -1 - tonumber(ARGV[5]))) do
          redis.call('del', ARGV[6] .. old)
          redis.call('zrem', KEYS[2], old)
        end
        return 1
        """;

    // ARGV: status, contents or '', lease ms. Only what is still open goes on: a cancelled or deleted response stays what it is.
    private const string Advance = """
        local status = redis.call('hget', KEYS[1], 's')
        if status ~= 'queued' and status ~= 'in_progress' then return 0 end
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('hset', KEYS[1], 's', ARGV[1], 'a', now + tonumber(ARGV[3]))
        if ARGV[2] ~= '' then redis.call('hset', KEYS[1], 'd', ARGV[2]) end
        return 1
        """;

    // The status that holds now: what nobody is alive to finish has failed.
    private const string Read = """
        local status = redis.call('hget', KEYS[1], 's')
        if not status then return nil end
        if status == 'queued' or status == 'in_progress' then
          local time = redis.call('time')
          if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(redis.call('hget', KEYS[1], 'a')) then status = 'interrupted' end
        end
        return {status, redis.call('hget', KEYS[1], 'd')}
        """;

    /// <summary>How long a response in the background counts as alive after its replica last said so.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <returns>False when it is not kept: it is too large, or nothing is.</returns>
    public async Task<bool> SaveAsync(ResponseOwner owner, StoredResponse stored, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var content = stored.ToBytes();

        if (!settings.Keep || content.Length > settings.MaxKilobytes * 1024)
        {
            return false;
        }

        RedisKey[] keys = [Key(owner, stored.Id), ListKey(owner)];
        RedisValue[] values =
        [
            stored.Id, (string)stored.Response["status"]!, cipher.Seal(owner, stored.Id, content), (long)settings.Lifetime.TotalMilliseconds,
            settings.MaxPerUser, Prefix(owner), (long)Lease.TotalMilliseconds,
        ];
        await redis.RunAsync("EVAL response_save", database => database.ScriptEvaluateAsync(Save, keys, values), cancellationToken);
        return true;
    }

    /// <returns>Null for an id that is nobody's, another's, too old, or sealed with another key.</returns>
    public async Task<StoredResponse?> FindAsync(ResponseOwner owner, string id, CancellationToken cancellationToken)
    {
        var found = (RedisValue[]?)await redis.RunAsync("EVAL response_read", database => database.ScriptEvaluateAsync(Read, [Key(owner, id)]), cancellationToken);

        if (found is not [var status, var record] || cipher.Open(owner, id, (byte[])record!) is not { } content)
        {
            return null;
        }

        var stored = StoredResponse.Of(content);
        BackgroundStatus.Apply(stored.Response, (string)status!);
        return stored;
    }

    /// <returns>False when there was none.</returns>
    public async Task<bool> DeleteAsync(ResponseOwner owner, string id, CancellationToken cancellationToken)
    {
        var deleted = await redis.RunAsync("DEL response", database => database.KeyDeleteAsync(Key(owner, id)), cancellationToken);
        await redis.RunAsync("ZREM responses", database => database.SortedSetRemoveAsync(ListKey(owner), id), cancellationToken);
        return deleted;
    }

    /// <summary>Says that it is being worked on, for one lease.</summary>
    /// <returns>False when nobody wants it any more: it was cancelled, deleted, or is done.</returns>
    public Task<bool> RenewAsync(ResponseOwner owner, string id, CancellationToken cancellationToken) =>
        AdvanceAsync(owner, id, "in_progress", "", cancellationToken);

    /// <inheritdoc cref="RenewAsync"/>
    public Task<bool> FinishAsync(ResponseOwner owner, StoredResponse stored, CancellationToken cancellationToken) =>
        AdvanceAsync(owner, stored.Id, (string)stored.Response["status"]!, cipher.Seal(owner, stored.Id, stored.ToBytes()), cancellationToken);

    /// <returns>False when it was done already.</returns>
    public Task<bool> CancelAsync(ResponseOwner owner, string id, CancellationToken cancellationToken) =>
        AdvanceAsync(owner, id, "cancelled", "", cancellationToken);

    private async Task<bool> AdvanceAsync(ResponseOwner owner, string id, string status, RedisValue content, CancellationToken cancellationToken)
    {
        RedisValue[] values = [status, content, (long)Lease.TotalMilliseconds];
        return (long)await redis.RunAsync("EVAL response_advance", database => database.ScriptEvaluateAsync(Advance, [Key(owner, id)], values), cancellationToken) == 1;
    }

    private static string Prefix(ResponseOwner owner) => $"gateway:{owner.PracticeId}:response:{owner.UserId}:";

    private static RedisKey Key(ResponseOwner owner, string id) => Prefix(owner) + id;

    private static RedisKey ListKey(ResponseOwner owner) => $"gateway:{owner.PracticeId}:responses:{owner.UserId}";
}
