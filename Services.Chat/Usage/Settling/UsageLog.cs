using System.Globalization;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Records;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// The stream of settled calls between replicas and MySQL, and beside it what is spent of budgets. The stream is of all practices, each call
/// with its own: it is read by the writers only, who take entries as one group, and holds an entry until it is written. An entry is what was
/// settled together: one of each call would cost Redis, and both ends, many times as much.
/// </summary>
internal sealed class UsageLog(RedisClient redis, IOptions<UsageOptions> options, IOptions<BudgetOptions> budgets, TimeProvider timeProvider)
{
    private const string Group = "writers";

    // Longer than a replica tries to append one batch.
    private const int MarkerSeconds = 86_400;

    // A consumer that has nothing and has not asked for so long is a replica that is gone.
    private const int GoneMilliseconds = 3_600_000;

    // KEYS: stream, count of the calls in it, this replica's last batch, budgets. ARGV: number of the batch, seconds, this replica, ms of a lease,
    // count of calls, calls, who still has them, and for each budget: cost, what to hold, limit, seconds to keep it, what was spent before or ''. A batch that comes
    // again, because its answer was lost, is not taken again. Of a budget {spent, seeded, l:replica = amount:expiry}; Redis' own clock decides
    // when a lease is over. Returns the calls that wait, the id of the entry or '', and for each budget what this replica holds, what is spent, and whether
    // that is known.
    private const string SettleScript = """
        local isNew, entry = tonumber(redis.call('get', KEYS[3]) or '0') < tonumber(ARGV[1]), ''
        if isNew then
            if ARGV[5] ~= '0' then
                entry = redis.call('xadd', KEYS[1], '*', 'calls', ARGV[6], 'by', ARGV[7])
                redis.call('incrby', KEYS[2], ARGV[5])
            end
            redis.call('set', KEYS[3], ARGV[1], 'ex', ARGV[2])
        end
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local own = 'l:' .. ARGV[3]
        local answer = { redis.call('get', KEYS[2]) or '0', entry }
        for index = 4, #KEYS do
            local key, at = KEYS[index], 7 + 5 * (index - 4)
            if isNew and ARGV[at + 1] ~= '0' then redis.call('hincrby', key, 'spent', ARGV[at + 1]) end
            if ARGV[at + 5] ~= '' and redis.call('hsetnx', key, 'seeded', 1) == 1 then redis.call('hincrby', key, 'spent', ARGV[at + 5]) end
            local spent, others, seeded, fields = 0, 0, false, redis.call('hgetall', key)
            for field = 1, #fields, 2 do
                local name, value = fields[field], fields[field + 1]
                if name == 'spent' then spent = tonumber(value)
                elseif name == 'seeded' then seeded = true
                else
                    local amount, expiry = string.match(value, '(%d+):(%d+)')
                    if tonumber(expiry) <= now then redis.call('hdel', key, name)
                    elseif name ~= own then others = others + tonumber(amount) end
                end
            end
            local held = 0
            if seeded then held = math.max(0, math.min(tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]) - spent - others)) end
            if held > 0 then redis.call('hset', key, own, string.format('%.0f:%.0f', held, now + ARGV[4]))
            else redis.call('hdel', key, own) end
            redis.call('expire', key, ARGV[at + 4])
            answer[#answer + 1] = string.format('%.0f', held)
            answer[#answer + 1] = string.format('%.0f', spent)
            answer[#answer + 1] = seeded and '1' or '0'
        end
        return answer
        """;

    // KEYS: stream, count of the calls in it. ARGV: group, consumer, idle ms, count, gone ms. First what others have left, then what is new; of what the
    // consumer appended itself the id only, since it still has the calls.
    private const string TakeScript = """
        if redis.call('exists', KEYS[1]) == 0 or #redis.call('xinfo', 'groups', KEYS[1]) == 0 then
            redis.call('xgroup', 'create', KEYS[1], ARGV[1], '0', 'mkstream')
        end
        for _, consumer in ipairs(redis.call('xinfo', 'consumers', KEYS[1], ARGV[1])) do
            if consumer[4] == 0 and consumer[6] > tonumber(ARGV[5]) then redis.call('xgroup', 'delconsumer', KEYS[1], ARGV[1], consumer[2]) end
        end
        local left = redis.call('xautoclaim', KEYS[1], ARGV[1], ARGV[2], ARGV[3], '0-0', 'count', ARGV[4])[2]
        local taken = left
        if #left == 0 then
            local fresh = redis.call('xreadgroup', 'group', ARGV[1], ARGV[2], 'count', ARGV[4], 'streams', KEYS[1], '>')
            taken = fresh and fresh[1][2] or {}
        end
        local entries = {}
        for _, entry in ipairs(taken) do
            if entry then entries[#entries + 1] = { entry[1], entry[2][4] == ARGV[2] and '' or entry[2][2] } end
        end
        return { redis.call('get', KEYS[2]) or '0', entries }
        """;

    // KEYS: stream, count of the calls in it. ARGV: group, and of each entry its id and its calls. What another took out meanwhile is not counted again.
    private const string RemoveScript = """
        local removed = 0
        for index = 2, #ARGV, 2 do
            redis.call('xack', KEYS[1], ARGV[1], ARGV[index])
            removed = removed + redis.call('xdel', KEYS[1], ARGV[index]) * ARGV[index + 1]
        end
        return tostring(redis.call('decrby', KEYS[2], removed))
        """;

    // Calls that began in a period may end after it.
    private static readonly TimeSpan KeptAfter = TimeSpan.FromDays(2);

    private readonly string _replica = Guid.CreateVersion7().ToString("N");
    private readonly RedisKey _key = options.Value.Stream;
    private readonly RedisKey _countKey = $"{options.Value.Stream}:count";
    private readonly OwnEntries _own = new(timeProvider);
    private long _length;

    /// <summary>Calls that wait for MySQL, as far as this replica knows.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Appends the calls of a batch and settles their budgets, once however often it is asked to, and divides the budgets anew.</summary>
    /// <returns>What is held and spent of each budget, in the order of the shares.</returns>
    public async Task<IReadOnlyList<BudgetAnswer>> SettleAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        var keeps = _own.HasRoom();
        RedisKey[] keys = [_key, _countKey, $"usage:batch:{_replica}", .. batch.Shares.Select(static share => (RedisKey)share.Window.RedisKey)];
        RedisValue[] values =
        [
            batch.Number, MarkerSeconds, _replica, (long)budgets.Value.Lease.TotalMilliseconds, batch.Calls.Count,
            JsonSerializer.SerializeToUtf8Bytes(batch.Calls, SettledCallJsonContext.Default.IReadOnlyListSettledCall), keeps ? _replica : RedisValue.EmptyString,
            .. batch.Shares.SelectMany(ToValues),
        ];
        var answer = (string[])(await redis.RunAsync("EVAL usage_settle", database => database.ScriptEvaluateAsync(SettleScript, keys, values), cancellationToken))!;
        Volatile.Write(ref _length, Number(answer[0]));

        if (keeps && answer[1].Length > 0)
        {
            _own.Keep(answer[1], batch.Calls);
        }

        return [.. batch.Shares.Select((_, index) => new BudgetAnswer(Number(answer[2 + (3 * index)]), Number(answer[3 + (3 * index)]), answer[4 + (3 * index)] == "1"))];
    }

    /// <summary>Takes entries to write: those that another replica took and left for <paramref name="idle"/> first.</summary>
    public async Task<IReadOnlyList<UsageEntry>> TakeAsync(int count, TimeSpan idle, CancellationToken cancellationToken)
    {
        RedisValue[] values = [Group, _replica, (long)idle.TotalMilliseconds, count, GoneMilliseconds];
        var answer = (RedisResult[])(await redis.RunAsync("EVAL usage_take", database => database.ScriptEvaluateAsync(TakeScript, [_key, _countKey], values), cancellationToken))!;
        Note(answer[0]);
        var entries = new List<UsageEntry>();

        foreach (var entry in (RedisResult[])answer[1]!)
        {
            var (id, calls) = ((string)((RedisResult[])entry!)[0]!, (byte[])((RedisResult[])entry!)[1]!);
            entries.Add(calls.Length > 0 ? Read(id, calls) : _own.Take(id) is { } own ? new(id, own) : await FetchAsync(id, cancellationToken));
        }

        return entries;
    }

    /// <summary>Takes entries out whose calls are written.</summary>
    public async Task RemoveAsync(IEnumerable<UsageEntry> entries, CancellationToken cancellationToken)
    {
        RedisValue[] values = [Group, .. entries.SelectMany(static entry => (RedisValue[])[entry.Id, entry.Calls!.Count])];
        Note(await redis.RunAsync("EVAL usage_remove", database => database.ScriptEvaluateAsync(RemoveScript, [_key, _countKey], values), cancellationToken));
    }

    private IEnumerable<RedisValue> ToValues(BudgetShare share)
    {
        var window = share.Window;
        return
        [
            share.Cost, share.Target, window.Budget.Limit, (long)(window.End - timeProvider.GetUtcNow() + KeptAfter).TotalSeconds,
            window.Seed is { } seed ? seed : RedisValue.EmptyString,
        ];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private void Note(RedisResult length) => Volatile.Write(ref _length, Number((string)length!));

    // [["1764322861123-0", ["calls", "[{...}, {...}]", "by", "0193a1c2..."]]]
    private async Task<UsageEntry> FetchAsync(string id, CancellationToken cancellationToken)
    {
        var found = (RedisResult[])(await redis.RunAsync("XRANGE usage_calls", database => database.ExecuteAsync("XRANGE", _key, id, id), cancellationToken))!;

        // Another replica has written it meanwhile.
        return found.Length == 0 ? new(id, []) : Read(id, (byte[])((RedisResult[])((RedisResult[])found[0]!)[1]!)[1]!);
    }

    private static UsageEntry Read(string id, byte[] calls)
    {
        try
        {
            return new(id, JsonSerializer.Deserialize(calls, SettledCallJsonContext.Default.IReadOnlyListSettledCall));
        }
        catch (JsonException)
        {
            return new(id, null);
        }
    }
}

/// <param name="Calls">Null when they cannot be read: written by something newer than this replica.</param>
internal sealed record UsageEntry(string Id, IReadOnlyList<SettledCall>? Calls);
