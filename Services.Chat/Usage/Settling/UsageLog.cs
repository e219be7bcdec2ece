using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Records;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// The stream of settled calls between replicas and MySQL. Of all practices, each entry with its own: it is read by the writers only, who
/// take entries as one group, and holds an entry until it is written.
/// </summary>
internal sealed class UsageLog(RedisClient redis, IOptions<UsageOptions> options)
{
    private const string Group = "writers";

    // Longer than a replica tries to append one batch.
    private const int MarkerSeconds = 86_400;

    // A consumer that has nothing and has not asked for so long is a replica that is gone.
    private const int GoneMilliseconds = 3_600_000;

    // KEYS: stream, this replica's last batch. ARGV: number of the batch, seconds, calls. A batch that comes again, because its answer
    // was lost, is not taken again.
    private const string AppendScript = """
        if tonumber(redis.call('get', KEYS[2]) or '0') < tonumber(ARGV[1]) then
            for index = 3, #ARGV do redis.call('xadd', KEYS[1], '*', 'call', ARGV[index]) end
            redis.call('set', KEYS[2], ARGV[1], 'ex', ARGV[2])
        end
        return redis.call('xlen', KEYS[1])
        """;

    // KEYS: stream. ARGV: group, consumer, idle ms, count, gone ms. First what others have left, then what is new.
    private const string TakeScript = """
        if redis.call('exists', KEYS[1]) == 0 or #redis.call('xinfo', 'groups', KEYS[1]) == 0 then
            redis.call('xgroup', 'create', KEYS[1], ARGV[1], '0', 'mkstream')
        end
        for _, consumer in ipairs(redis.call('xinfo', 'consumers', KEYS[1], ARGV[1])) do
            if consumer[4] == 0 and consumer[6] > tonumber(ARGV[5]) then redis.call('xgroup', 'delconsumer', KEYS[1], ARGV[1], consumer[2]) end
        end
        local left = redis.call('xautoclaim', KEYS[1], ARGV[1], ARGV[2], ARGV[3], '0-0', 'count', ARGV[4])[2]
        if #left > 0 then return left end
        local fresh = redis.call('xreadgroup', 'group', ARGV[1], ARGV[2], 'count', ARGV[4], 'streams', KEYS[1], '>')
        return fresh and fresh[1][2] or {}
        """;

    // KEYS: stream. ARGV: group, ids.
    private const string RemoveScript = """
        for index = 2, #ARGV do
            redis.call('xack', KEYS[1], ARGV[1], ARGV[index])
            redis.call('xdel', KEYS[1], ARGV[index])
        end
        return redis.call('xlen', KEYS[1])
        """;

    private readonly string _replica = Guid.CreateVersion7().ToString("N");
    private readonly RedisKey _key = options.Value.Stream;
    private long _length;

    /// <summary>Calls that wait for MySQL, as far as this replica knows.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Appends a batch once, however often it is asked to.</summary>
    /// <param name="batch">Rises with each batch of this replica; the same when one is tried again.</param>
    public async Task AppendAsync(long batch, IReadOnlyList<SettledCall> calls, CancellationToken cancellationToken)
    {
        RedisValue[] values = [batch, MarkerSeconds, .. calls.Select(static call => (RedisValue)JsonSerializer.SerializeToUtf8Bytes(call, SettledCallJsonContext.Default.SettledCall))];
        Note(await redis.RunAsync("EVAL usage_append", database => database.ScriptEvaluateAsync(AppendScript, [_key, $"usage:batch:{_replica}"], values), cancellationToken));
    }

    /// <summary>Takes entries to write: those that another replica took and left for <paramref name="idle"/> first.</summary>
    public async Task<IReadOnlyList<UsageEntry>> TakeAsync(int count, TimeSpan idle, CancellationToken cancellationToken)
    {
        RedisValue[] values = [Group, _replica, (long)idle.TotalMilliseconds, count, GoneMilliseconds];
        var found = (RedisResult[])(await redis.RunAsync("EVAL usage_take", database => database.ScriptEvaluateAsync(TakeScript, [_key], values), cancellationToken))!;
        return [.. found.Where(static entry => !entry.IsNull).Select(Read)];
    }

    /// <summary>Takes entries out that are written.</summary>
    public async Task RemoveAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        RedisValue[] values = [Group, .. ids.Select(static id => (RedisValue)id)];
        Note(await redis.RunAsync("EVAL usage_remove", database => database.ScriptEvaluateAsync(RemoveScript, [_key], values), cancellationToken));
    }

    private void Note(RedisResult length) => Volatile.Write(ref _length, (long)length);

    // ["1764322861123-0", ["call", "{...}"]]
    private static UsageEntry Read(RedisResult entry)
    {
        var parts = (RedisResult[])entry!;
        var fields = (RedisResult[])parts[1]!;
        var id = (string)parts[0]!;

        try
        {
            return new(id, JsonSerializer.Deserialize((byte[])fields[1]!, SettledCallJsonContext.Default.SettledCall));
        }
        catch (JsonException)
        {
            return new(id, null);
        }
    }
}

/// <param name="Call">Null when it cannot be read: written by something newer than this replica.</param>
internal sealed record UsageEntry(string Id, SettledCall? Call);
