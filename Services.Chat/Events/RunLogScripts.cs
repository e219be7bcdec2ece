namespace AiPlatform.Services.Chat.Events;

/// <summary>What must happen at once in Redis. KEYS: the run's meta hash, its stream, its lease.</summary>
internal static class RunLogScripts
{
    // ARGV: user, session, epoch, fence, replica, lease ms, log ms
    public const string Open = """
        redis.call('hset', KEYS[1], 'user', ARGV[1], 'session', ARGV[2], 'epoch', ARGV[3], 'fence', ARGV[4], 'replica', ARGV[5], 'seq', 0)
        redis.call('pexpire', KEYS[1], ARGV[7])
        redis.call('set', KEYS[3], ARGV[5], 'px', ARGV[6])
        return 1
        """;

    // ARGV: fence, seq, type, frame, log ms, retention ms, channel, run id
    // 1 appended (also when this very frame is already the last one: the answer to the first try was lost); 0 not ours any more; -1 a gap.
    public const string Append = """
        if redis.call('hget', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
        local seq = tonumber(redis.call('hget', KEYS[1], 'seq'))
        if seq == tonumber(ARGV[2]) then return 1 end
        if seq + 1 ~= tonumber(ARGV[2]) then return -1 end
        redis.call('xadd', KEYS[2], ARGV[2] .. '-0', 't', ARGV[3], 'f', ARGV[4])
        redis.call('hset', KEYS[1], 'seq', ARGV[2])
        local ttl = ARGV[5]
        if ARGV[3] == 'agent_completed' then
          redis.call('hset', KEYS[1], 'ended', 1)
          redis.call('del', KEYS[3])
          ttl = ARGV[6]
        end
        redis.call('pexpire', KEYS[1], ttl)
        redis.call('pexpire', KEYS[2], ttl)
        redis.call('publish', ARGV[7], 'frame ' .. ARGV[8] .. ' ' .. ARGV[2])
        return 1
        """;

    // ARGV: fence, replica, lease ms, log ms. -1 not ours any more; 1 asked to cancel; 0 go on.
    public const string Renew = """
        if redis.call('hget', KEYS[1], 'fence') ~= ARGV[1] then return -1 end
        redis.call('set', KEYS[3], ARGV[2], 'px', ARGV[3])
        redis.call('pexpire', KEYS[1], ARGV[4])
        redis.call('pexpire', KEYS[2], ARGV[4])
        return redis.call('hexists', KEYS[1], 'cancel')
        """;

    // ARGV: replica, lease ms. The new fence; 0 when the run lives or has ended; -1 when its log is gone.
    public const string TakeOver = """
        if redis.call('exists', KEYS[1]) == 0 then return -1 end
        if redis.call('exists', KEYS[3]) == 1 or redis.call('hexists', KEYS[1], 'ended') == 1 then return 0 end
        redis.call('hset', KEYS[1], 'replica', ARGV[1])
        redis.call('set', KEYS[3], ARGV[1], 'px', ARGV[2])
        return redis.call('hincrby', KEYS[1], 'fence', 1)
        """;

    // ARGV: channel, message. 0 when there is nothing to cancel.
    public const string Cancel = """
        if redis.call('exists', KEYS[1]) == 0 or redis.call('hexists', KEYS[1], 'ended') == 1 then return 0 end
        redis.call('hset', KEYS[1], 'cancel', 1)
        redis.call('publish', ARGV[1], ARGV[2])
        return 1
        """;
}
