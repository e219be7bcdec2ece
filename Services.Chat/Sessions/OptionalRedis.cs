using AiPlatform.ServiceDefaults.Data;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// Redis for those who can do without it: they wait for it a second at most, and after a failure the next second's calls fail at once,
/// so that a run whose steps each look at the screen does not stand still at each of them.
/// </summary>
internal sealed class OptionalRedis
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RedisClient _redis;
    private readonly TimeProvider _timeProvider;
    private volatile Failure? _last;

    public OptionalRedis(RedisClient redis, TimeProvider timeProvider)
    {
        _redis = redis;
        _timeProvider = timeProvider;
        redis.Reconnected += () => _last = null;
    }

    /// <inheritdoc cref="RedisClient.RunAsync{T}"/>
    public async Task<T> RunAsync<T>(string statement, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        if (_last is { } last && _timeProvider.GetElapsedTime(last.At) < Patience)
        {
            throw new RedisUnavailableException(last.Cause.Message, last.Cause, last.Cause.Reason);
        }

        try
        {
            return await _redis.RunAsync(statement, call, cancellationToken).WaitAsync(Patience, _timeProvider, cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            _last = new(exception, _timeProvider.GetTimestamp());
            throw;
        }
        catch (TimeoutException)
        {
            var exception = new RedisUnavailableException($"Redis did not answer within {Patience.TotalSeconds:0} s.", reason: RedisReasons.Timeout);
            _last = new(exception, _timeProvider.GetTimestamp());
            throw exception;
        }
    }

    private sealed record Failure(RedisUnavailableException Cause, long At);
}
