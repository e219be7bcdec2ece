using System.Security.Claims;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>What became of a token. Either <paramref name="User"/> and <paramref name="Principal"/> are set, or <paramref name="Failure"/>.</summary>
/// <param name="Failure">Short and free of token contents, for logs and WWW-Authenticate.</param>
public sealed record TokenVerification(ClaimsPrincipal? Principal, CurrentUser? User, DateTimeOffset ExpiresAt, string? Failure)
{
    internal static TokenVerification Refused(string failure) => new(null, null, default, failure);
}
