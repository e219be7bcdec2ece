using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>The one exchange between a replica and what all of them share. Redis' own clock decides, so replicas need not agree on the time.</summary>
internal static class LimitScript
{
    public const string Wanted = "limits:wanted";

    // KEYS: rates, places. ARGV: replica, lease ms; for requests, then tokens: limit, owed, back, need, want; for places: limit, in use, target, needed.
    // What a replica took of a rate and did not spend is not written down: when it dies the bucket fills again anyway. Places are, with their end.
    private const string Text = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local found = {}
        local function tell(number) found[#found + 1] = string.format('%.6f', number) end

        local function rate(name, limit, owed, back, need, want)
            if limit == 0 then
                for _ = 1, 3 do tell(0) end
                return
            end
            local level = tonumber(redis.call('HGET', KEYS[1], name))
            local at = tonumber(redis.call('HGET', KEYS[1], name .. '_at'))
            if not level or not at then level, at = limit, now end
            level = math.min(limit, level + limit * math.max(0, now - at) / 60000 + back)
            level = math.max(-limit, level - owed)
            local granted = 0
            if want > 0 and level > 0 and level >= need then granted = math.min(want, level) end
            level = level - granted
            redis.call('HSET', KEYS[1], name, string.format('%.6f', level), name .. '_at', math.max(at, now))
            tell(granted)
            tell(level)
            tell(granted < need and math.ceil((need - level) * 60000 / limit) or 0)
        end

        rate('requests', tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]))
        rate('tokens', tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]))
        redis.call('PEXPIRE', KEYS[1], 180000)

        local limit, inUse, target = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
        local others = 0
        local places = redis.call('HGETALL', KEYS[2])
        for index = 1, #places, 2 do
            local count, ends = string.match(places[index + 1], '(%d+) (%d+)')
            if tonumber(ends) <= now then
                redis.call('HDEL', KEYS[2], places[index])
            elseif places[index] ~= ARGV[1] then
                others = others + tonumber(count)
            end
        end
        local granted = limit == 0 and 0 or math.min(target, math.max(inUse, limit - others))
        if granted > 0 then
            redis.call('HSET', KEYS[2], ARGV[1], string.format('%d %d', granted, now + ARGV[2]))
            redis.call('PEXPIRE', KEYS[2], 6 * ARGV[2])
        else
            redis.call('HDEL', KEYS[2], ARGV[1])
        end
        if ARGV[16] == '1' and granted <= inUse and others > 0 then redis.call('PUBLISH', 'limits:wanted', KEYS[1]) end
        tell(granted)
        return found
        """;

    public static async Task<LimitAnswer> RunAsync(RedisClient redis, LimitSubject subject, string replica, TimeSpan lease, LimitAsk ask, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [subject.RedisKey, $"{subject.RedisKey}:places"];
        RedisValue[] values =
        [
            replica, (long)lease.TotalMilliseconds,
            .. ValuesOf(ask.Requests), .. ValuesOf(ask.Tokens),
            ask.Slots.Limit, ask.Slots.InUse, ask.Slots.Target, ask.Slots.IsNeeded ? 1 : 0,
        ];
        var found = (string[])(await redis.RunAsync("EVAL limits", database => database.ScriptEvaluateAsync(Text, keys, values), cancellationToken))!;
        return new(Number(0), Number(1), Wait(2), Number(3), Number(4), Wait(5), (int)Number(6));

        double Number(int index) => double.Parse(found[index], CultureInfo.InvariantCulture);
        TimeSpan Wait(int index) => TimeSpan.FromMilliseconds(Number(index));
    }

    private static RedisValue[] ValuesOf(RateAsk ask) => [ask.Limit, ask.Owed, ask.Back, ask.Need, ask.Want];
}
