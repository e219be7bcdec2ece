using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Password to tokens, a refresh token to the next pair, and the end of a sign-in.</summary>
internal sealed partial class SignInService(
    IUserStore users,
    IRefreshTokenStore refreshTokens,
    PasswordCheck passwords,
    SignInThrottle throttle,
    TokenIssuer issuer,
    AuditQueue audit,
    EndedSignIns endedSignIns,
    IOptions<IdentityOptions> options,
    TimeProvider timeProvider,
    ILogger<SignInService> logger)
{
    public async Task<SignedIn> SignInAsync(string email, string password, CancellationToken cancellationToken)
    {
        var address = email.Trim().ToLowerInvariant();
        using var attempt = throttle.TryBegin(address)
            ?? throw new DomainException(
                DomainErrorKind.RateLimited, "auth.too_many_attempts", "Too many failed sign-ins for this address. Try again later.")
            {
                RetryAfter = throttle.WaitOf(address),
            };

        // Addresses in the table are ASCII; anything else is unknown, and costs the same time.
        var found = Ascii.IsValid(address) ? await users.FindByEmailAsync(address, cancellationToken) : null;
        if (!passwords.Matches(found?.PasswordHash, password) || found is null)
        {
            attempt.Fail();
            if (found?.User is { } known)
            {
                // Queued, because an answer that waited for it would tell that there is such an address.
                await audit.RecordAsync(
                    known.PracticeId, EntryOf(known, AuditActions.SignInFailed, timeProvider.GetUtcNow(), AuditOutcomes.Refused), cancellationToken);
            }

            throw new DomainException(DomainErrorKind.Unauthorized, "auth.invalid_credentials", "The address or the password is wrong.");
        }

        attempt.Succeed();
        var user = found.Value.User;
        var (refreshToken, signInId) = (NewRefreshToken(), Guid.CreateVersion7());
        var now = timeProvider.GetUtcNow();
        await refreshTokens.AddAsync(
            user.PracticeId, user.Id, signInId, Hash(refreshToken), now, now + options.Value.RefreshTokenLifetime,
            EntryOf(user, AuditActions.SignedIn, now, AuditOutcomes.Success), cancellationToken);
        LogSignedIn(user.Id, user.PracticeId);
        return new(user, await issuer.IssueAccessTokenAsync(user, signInId, cancellationToken), refreshToken);
    }

    public async Task<SignedIn> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var next = NewRefreshToken();
        var now = timeProvider.GetUtcNow();
        var rotated = await refreshTokens.RotateAsync(
            Hash(refreshToken), Hash(next), now, now + options.Value.RefreshTokenLifetime, Correlation.Current, cancellationToken);
        return rotated is var (user, signInId)
            ? new(user, await issuer.IssueAccessTokenAsync(user, signInId, cancellationToken), next)
            : throw new DomainException(DomainErrorKind.Unauthorized, "auth.invalid_refresh_token", "The refresh token is not valid any more. Sign in again.");
    }

    /// <summary>Ends the sign-in of the caller's token and no other of theirs: no renewal, and no socket stays open.</summary>
    public async Task SignOutAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        if (user.SignInId is not { } signInId)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "auth.not_signed_in", "This token comes from no sign-in that could be ended.");
        }

        var now = timeProvider.GetUtcNow();
        var entry = AuditEntry.By(user, AuditActions.SignedOut, AuditRecords.User, user.UserId, now);
        await refreshTokens.RevokeAsync(user.PracticeId, user.UserId, signInId, now, entry, cancellationToken);
        await endedSignIns.EndAsync(user.PracticeId, user.UserId, signInId, options.Value.AccessTokenLifetime, cancellationToken);
        LogSignedOut(user.UserId, user.PracticeId);
    }

    private static AuditEntry EntryOf(User user, string action, DateTimeOffset now, string outcome) =>
        AuditEntry.By(user.Id, user.Role, action, AuditRecords.User, user.Id, now, outcome, Correlation.Current);

    private static string NewRefreshToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    [LoggerMessage(LogLevel.Information, "User {UserId} of practice {PracticeId} signed in.")]
    private partial void LogSignedIn(Guid userId, Guid practiceId);

    [LoggerMessage(LogLevel.Information, "User {UserId} of practice {PracticeId} signed out.")]
    private partial void LogSignedOut(Guid userId, Guid practiceId);
}

internal sealed record SignedIn(User User, IssuedToken AccessToken, string RefreshToken);
