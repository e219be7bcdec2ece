using AiPlatform.ServiceDefaults.Data;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>
/// Sign-ins that their people ended, kept in Redis for as long as an access token of theirs can live, and told to all replicas: what stays open
/// on one token, as a socket does, ends with the sign-in.
/// </summary>
public sealed class EndedSignIns(RedisClient redis)
{
    /// <param name="keep">How long a token of the sign-in can still be shown.</param>
    /// <exception cref="RedisUnavailableException">Nobody may have heard of it.</exception>
    public async Task EndAsync(Guid practiceId, Guid userId, Guid signInId, TimeSpan keep, CancellationToken cancellationToken)
    {
        // Kept first: who asks after the message was sent, finds it.
        await redis.RunAsync("SET sign_in_ended", database => database.StringSetAsync(Key(practiceId, signInId), "1", keep), cancellationToken);
        var channel = new RedisChannel(Channel(practiceId, userId), RedisChannel.PatternMode.Literal);
        await redis.RunAsync("PUBLISH sign_in_ended", database => database.PublishAsync(channel, signInId.ToString()), cancellationToken);
    }

    /// <exception cref="RedisUnavailableException">Nobody knows.</exception>
    public Task<bool> IsEndedAsync(Guid practiceId, Guid signInId, CancellationToken cancellationToken) =>
        redis.RunAsync("EXISTS sign_in_ended", database => database.KeyExistsAsync(Key(practiceId, signInId)), cancellationToken);

    /// <summary>Calls <paramref name="listener"/> with each sign-in of the user that ends from now on. While Redis is away none is heard.</summary>
    /// <exception cref="RedisUnavailableException">Nothing is heard.</exception>
    public Task<IAsyncDisposable> ListenAsync(Guid practiceId, Guid userId, Action<Guid> listener, CancellationToken cancellationToken) =>
        redis.SubscribeAsync(
            Channel(practiceId, userId),
            message =>
            {
                if (Guid.TryParse(message.ToString(), out var signInId))
                {
                    listener(signInId);
                }
            },
            cancellationToken);

    private static string Key(Guid practiceId, Guid signInId) => $"auth:{practiceId}:sign_in:{signInId}:ended";

    private static string Channel(Guid practiceId, Guid userId) => $"auth:{practiceId}:user:{userId}:ended_sign_ins";
}
