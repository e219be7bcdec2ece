using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>UI state as JSON with a version; a write goes through only on the version it was made from.</summary>
internal sealed partial class RedisUiStateStore(
    OptionalRedis redis, IOptions<ChatSessionOptions> options, TimeProvider timeProvider, ILogger<RedisUiStateStore> logger) : IUiStateStore
{
    private const int Attempts = 32;

    // ARGV: version read, json, lifetime ms. 0 when somebody was faster.
    private const string Write = """
        local version = tonumber(redis.call('hget', KEYS[1], 'v') or '0')
        if version ~= tonumber(ARGV[1]) then return 0 end
        redis.call('hset', KEYS[1], 'v', version + 1, 'j', ARGV[2])
        redis.call('pexpire', KEYS[1], ARGV[3])
        return 1
        """;

    private readonly LocalCopies<UiState> _copies = new(options.Value.LocalCopies, timeProvider);

    public static string Key(ChatSessionKey session) => $"chat:{session.PracticeId}:session:{session.UserId}:{session.SessionId}:ui";

    public async ValueTask<UiState> ReadAsync(ChatSessionKey session, CancellationToken cancellationToken)
    {
        try
        {
            await WriteBackAsync(session, cancellationToken);
            var (state, _) = await LoadAsync(session, cancellationToken);
            _copies.Keep(session, state, options.Value.UiStateLifetime);
            return state;
        }
        catch (RedisUnavailableException)
        {
            return _copies.Find(session) ?? UiState.Empty;
        }
    }

    public async ValueTask<UiState> UpdateAsync(ChatSessionKey session, Func<UiState, UiState> change, CancellationToken cancellationToken)
    {
        try
        {
            await WriteBackAsync(session, cancellationToken);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var (state, version) = await LoadAsync(session, cancellationToken);
                var changed = change(state);
                if (await TryWriteAsync(session, changed, version, cancellationToken))
                {
                    _copies.Keep(session, changed, options.Value.UiStateLifetime);
                    return changed;
                }
            }

            throw new UiStateContendedException();
        }
        catch (RedisUnavailableException exception)
        {
            if (_copies.TryChange(session, held => change(held ?? UiState.Empty), options.Value.UiStateLifetime) is not { } changed)
            {
                throw;
            }

            LogKeptInMemory(exception, session.SessionId);
            return changed;
        }
    }

    public async Task DeleteAsync(ChatSessionKey session, CancellationToken cancellationToken)
    {
        await redis.RunAsync("DEL ui_state", database => database.KeyDeleteAsync(Key(session)), cancellationToken);
        _copies.Drop(session);
    }

    /// <summary>Writes what was changed while Redis was away. Stops at the first failure: it is away still.</summary>
    public async Task WriteBackAsync(CancellationToken cancellationToken)
    {
        foreach (var session in _copies.Unsaved())
        {
            await WriteBackAsync(session, cancellationToken);
        }
    }

    public void SweepCopies() => _copies.Sweep();

    private async Task WriteBackAsync(ChatSessionKey session, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts && _copies.FindUnsaved(session) is not null; attempt++)
        {
            var (_, version) = await LoadAsync(session, cancellationToken);

            // Looked for after the version was read: what somebody else has written back meanwhile must not go over what came after it.
            if (_copies.FindUnsaved(session) is { } copy && await TryWriteAsync(session, copy.Value, version, cancellationToken))
            {
                _copies.Saved(session, copy);
            }
        }
    }

    private async Task<(UiState State, long Version)> LoadAsync(ChatSessionKey session, CancellationToken cancellationToken)
    {
        RedisValue[] fields = ["j", "v"];
        var values = await redis.RunAsync("HMGET ui_state", database => database.HashGetAsync(Key(session), fields), cancellationToken);
        return values[0].IsNull
            ? (UiState.Empty, 0)
            : (UiStateJson.Read((byte[])values[0]!), (long)values[1]);
    }

    private async Task<bool> TryWriteAsync(ChatSessionKey session, UiState state, long version, CancellationToken cancellationToken)
    {
        RedisValue[] values =
        [
            version, UiStateJson.Write(state),
            (long)options.Value.UiStateLifetime.TotalMilliseconds,
        ];
        return (long)await redis.RunAsync(
            "EVAL ui_state_write", database => database.ScriptEvaluateAsync(Write, [Key(session)], values), cancellationToken) == 1;
    }

    [LoggerMessage(LogLevel.Warning, "The UI state of session {SessionId} is kept in memory until Redis takes it.")]
    private partial void LogKeptInMemory(Exception exception, string sessionId);
}
