using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Identity;

internal interface IUserStore
{
    /// <returns>An active user and the hash of the password; null when nobody active has the address.</returns>
    Task<(User User, string PasswordHash)?> FindByEmailAsync(string email, CancellationToken cancellationToken);

    /// <returns>Null for an unknown user, one of another practice, and one who may no longer sign in.</returns>
    Task<User?> FindAsync(Guid practiceId, Guid userId, CancellationToken cancellationToken);

    /// <returns>Those of the users who may sign in, with their roles.</returns>
    Task<IReadOnlyDictionary<Guid, UserRole>> FindRolesAsync(Guid practiceId, IReadOnlyList<Guid> userIds, CancellationToken cancellationToken);

    /// <summary>Of the accounts that may sign in and belong to a practitioner's profile; the leading role of a profile that has several.</summary>
    Task<IReadOnlyDictionary<Guid, UserRole>> FindProfileRolesAsync(Guid practiceId, CancellationToken cancellationToken);
}
