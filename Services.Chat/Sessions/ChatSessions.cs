using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// Chat sessions in Redis, kept for a sliding time. An unknown id is a new session of the verified user; without Redis a
/// session lives in memory and is written again when it is next used with Redis back.
/// </summary>
internal sealed partial class ChatSessions(
    OptionalRedis redis, IOptions<ChatSessionOptions> options, TimeProvider timeProvider, ILogger<ChatSessions> logger)
{
    // ARGV: persona, created, lifetime ms, thread or ''. Creates what is missing, refreshes the lifetime, answers the fields.
    private const string Touch = """
        redis.call('hsetnx', KEYS[1], 'persona', ARGV[1])
        redis.call('hsetnx', KEYS[1], 'created', ARGV[2])
        if ARGV[4] ~= '' then redis.call('hset', KEYS[1], 'thread', ARGV[4]) end
        redis.call('pexpire', KEYS[1], ARGV[3])
        return redis.call('hmget', KEYS[1], 'persona', 'created', 'thread')
        """;

    private readonly LocalCopies<ChatSession> _copies = new(options.Value.LocalCopies, timeProvider);

    public static string Key(ChatSessionKey session) => $"chat:{session.PracticeId}:session:{session.UserId}:{session.SessionId}";

    /// <summary>The session, created when it is new; its lifetime starts again.</summary>
    public ValueTask<ChatSession> OpenAsync(ChatSessionKey key, string? persona, CancellationToken cancellationToken) =>
        TouchAsync(key, persona, null, cancellationToken);

    /// <summary>Makes a thread the session's current one.</summary>
    public ValueTask<ChatSession> SwitchThreadAsync(ChatSession session, Guid threadId, CancellationToken cancellationToken) =>
        TouchAsync(session.Key, session.Persona, threadId, cancellationToken);

    public async Task DeleteAsync(ChatSessionKey key, CancellationToken cancellationToken)
    {
        await redis.RunAsync("DEL session", database => database.KeyDeleteAsync(Key(key)), cancellationToken);
        _copies.Drop(key);
    }

    public void SweepCopies() => _copies.Sweep();

    private async ValueTask<ChatSession> TouchAsync(ChatSessionKey key, string? persona, Guid? threadId, CancellationToken cancellationToken)
    {
        var copy = _copies.FindUnsaved(key);
        var unsaved = copy?.Value;
        try
        {
            var thread = threadId ?? unsaved?.ThreadId;
            RedisValue[] values =
            [
                unsaved?.Persona ?? persona ?? options.Value.DefaultPersona, (unsaved?.CreatedAt ?? timeProvider.GetUtcNow()).ToWire(),
                (long)options.Value.Timeout.TotalMilliseconds, thread?.ToString() ?? string.Empty,
            ];
            var reply = (RedisValue[])(await redis.RunAsync(
                "EVAL session_touch", database => database.ScriptEvaluateAsync(Touch, [Key(key)], values), cancellationToken))!;
            var session = new ChatSession(
                key,
                reply[0].ToString(),
                Guid.TryParse(reply[2].ToString(), out var stored) ? stored : null,
                DateTimeOffset.Parse(reply[1].ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
            if (copy is not null)
            {
                _copies.Saved(key, copy);
            }

            _copies.Keep(key, session, options.Value.Timeout);
            return session;
        }
        catch (RedisUnavailableException exception)
        {
            if (_copies.TryChange(key, held => Touched(held, key, persona, threadId), options.Value.Timeout) is not { } session)
            {
                throw;
            }

            LogServedFromMemory(exception, key.SessionId);
            return session;
        }
    }

    private ChatSession Touched(ChatSession? held, ChatSessionKey key, string? persona, Guid? threadId)
    {
        var session = held ?? new ChatSession(key, persona ?? options.Value.DefaultPersona, null, timeProvider.GetUtcNow());
        return session with { ThreadId = threadId ?? session.ThreadId };
    }

    [LoggerMessage(LogLevel.Warning, "Session {SessionId} is served from memory.")]
    private partial void LogServedFromMemory(Exception exception, string sessionId);
}
