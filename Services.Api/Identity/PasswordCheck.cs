using Microsoft.AspNetCore.Identity;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Verifies passwords, and takes as long when there is no user to verify one of.</summary>
internal sealed class PasswordCheck
{
    private readonly PasswordHasher<User> _hasher = new();
    private readonly string _dummyHash;

    public PasswordCheck() => _dummyHash = _hasher.HashPassword(null!, Guid.NewGuid().ToString());

    /// <param name="passwordHash">Null for an unknown user: the same work is done, and the answer is no.</param>
    public bool Matches(string? passwordHash, string password)
    {
        var result = _hasher.VerifyHashedPassword(null!, passwordHash ?? _dummyHash, password);
        return passwordHash is not null && result is not PasswordVerificationResult.Failed;
    }
}
