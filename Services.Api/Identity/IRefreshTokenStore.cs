using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Refresh tokens, kept only as hashes. Each sign-in starts a family; a family has one usable token at a time.</summary>
internal interface IRefreshTokenStore
{
    /// <summary>Begins a family, and records the sign-in in the practice's audit.</summary>
    /// <param name="signInId">What the family is known by.</param>
    Task AddAsync(
        Guid practiceId, Guid userId, Guid signInId, string tokenHash, DateTimeOffset now, DateTimeOffset expiresAt, AuditEntry audit, CancellationToken cancellationToken);

    /// <summary>
    /// Uses a token up and puts the next one of its family in its place. A token that was used before revokes the whole family:
    /// one of the two that showed it is a thief. That is recorded in the practice's audit, with <paramref name="correlationId"/>.
    /// </summary>
    /// <returns>The user and the sign-in; null when the token is unknown, expired, revoked, used before, or the user may no longer sign in.</returns>
    Task<(User User, Guid SignInId)?> RotateAsync(
        string tokenHash, string nextHash, DateTimeOffset now, DateTimeOffset expiresAt, string correlationId, CancellationToken cancellationToken);

    /// <summary>Revokes the family of the user's sign-in and records that, once however often it is called.</summary>
    Task RevokeAsync(Guid practiceId, Guid userId, Guid signInId, DateTimeOffset now, AuditEntry audit, CancellationToken cancellationToken);
}
