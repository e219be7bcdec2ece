namespace AiPlatform.Services.Chat.Events;

/// <summary>What must happen at once in Redis. KEYS: the run's meta hash, the stream of the caller's epoch, the run's lease.</summary>
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
    // 1 appended (also when this very frame is already the last one: the answer to the first try was lost); 0 not ours any more;
    // -1 the log is gone, or not what it was: frames that were acknowledged are missing, or Redis is older than our fence.
    public const string Append = """
        local fence = redis.call('hget', KEYS[1], 'fence')
        if not fence or tonumber(fence) < tonumber(ARGV[1]) then return -1 end
        if fence ~= ARGV[1] then return 0 end
        local seq = tonumber(redis.call('hget', KEYS[1], 'seq'))
        if seq == tonumber(ARGV[2]) then return 1 end
        if seq + 1 ~= tonumber(ARGV[2]) or redis.call('exists', KEYS[2]) ~= math.min(seq, 1) then return -1 end
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
        redis.call('publish', ARGV[7], 'frame ' .. ARGV[8])
        return 1
        """;

    // Writes the log anew as one epoch. ARGV: user, session, epoch, fence, replica, lease ms, log ms, retention ms, channel, run id,
    // prefix of the streams' keys, and of each frame from the first: type, frame.
    // 1 written; 0 not ours any more. May be repeated, and a try that Redis executes late undoes nothing: a newer epoch has a higher
    // fence, and a later try of the same one has at least as many frames.
    public const string Reopen = """
        local known = redis.call('hmget', KEYS[1], 'fence', 'epoch', 'replica', 'seq')
        local fence, count = tonumber(ARGV[4]), (#ARGV - 11) / 2
        if known[1] then
          local last = tonumber(known[1])
          if last > fence then return 0 end
          if last == fence then
            if known[2] ~= ARGV[3] then return 0 end
            if tonumber(known[4]) >= count then return 1 end
          elseif known[3] ~= ARGV[5] then
            return 0
          end
          redis.call('del', ARGV[11] .. known[2])
        end
        redis.call('del', KEYS[2])
        for index = 1, count do
          redis.call('xadd', KEYS[2], index .. '-0', 't', ARGV[10 + 2 * index], 'f', ARGV[11 + 2 * index])
        end
        redis.call('hset', KEYS[1], 'user', ARGV[1], 'session', ARGV[2], 'epoch', ARGV[3], 'fence', ARGV[4], 'replica', ARGV[5], 'seq', count)
        local ttl = ARGV[7]
        if ARGV[#ARGV - 1] == 'agent_completed' then
          redis.call('hset', KEYS[1], 'ended', 1)
          redis.call('del', KEYS[3])
          ttl = ARGV[8]
        else
          redis.call('hdel', KEYS[1], 'ended')
          redis.call('set', KEYS[3], ARGV[5], 'px', ARGV[6])
        end
        redis.call('pexpire', KEYS[1], ttl)
        redis.call('pexpire', KEYS[2], ttl)
        redis.call('publish', ARGV[9], 'frame ' .. ARGV[10])
        return 1
        """;

    // ARGV: fence, replica, lease ms, log ms, seq that was acknowledged. -2 the log is gone or has lost frames; -1 not ours any more;
    // 1 asked to cancel; 0 go on.
    public const string Renew = """
        local known = redis.call('hmget', KEYS[1], 'fence', 'seq', 'ended')
        if not known[1] or tonumber(known[1]) < tonumber(ARGV[1]) then return -2 end
        if known[1] ~= ARGV[1] then return -1 end
        if known[3] then return 0 end
        local seq = tonumber(known[2])
        if seq < tonumber(ARGV[5]) or redis.call('exists', KEYS[2]) ~= math.min(seq, 1) then return -2 end
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

    public const string Head = """
        local head = redis.call('hmget', KEYS[1], 'user', 'session', 'epoch', 'seq', 'ended')
        head[6] = redis.call('exists', KEYS[3])
        return head
        """;
}
