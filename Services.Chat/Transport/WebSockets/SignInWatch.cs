using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>
/// Tells whether a connection's person has signed out, at once when Redis says so and otherwise when somebody looks. Without Redis nobody can
/// sign out, and a token still ends with its expiry.
/// </summary>
internal sealed partial class SignInWatch(EndedSignIns endedSignIns, ILogger<SignInWatch> logger)
{
    /// <param name="ended">Called once it is known; never when it is not heard.</param>
    public async Task<IAsyncDisposable?> ListenAsync(ConnectionState state, Action ended, CancellationToken cancellationToken)
    {
        try
        {
            return await endedSignIns.ListenAsync(
                state.User.PracticeId,
                state.User.UserId,
                signInId =>
                {
                    if (signInId == state.User.SignInId)
                    {
                        ended();
                    }
                },
                cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            LogNotKnown(exception);
            return null;
        }
    }

    public async Task<bool> IsEndedAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            return user.SignInId is { } signInId && await endedSignIns.IsEndedAsync(user.PracticeId, signInId, cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            LogNotKnown(exception);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Whether a sign-in was ended is not known now.")]
    private partial void LogNotKnown(Exception exception);
}
