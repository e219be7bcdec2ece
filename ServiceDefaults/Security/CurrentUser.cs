using System.Security.Claims;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>The caller, read from a verified token and from nothing else.</summary>
/// <param name="ProfileId">The practitioner's profile; null for everybody who treats nobody.</param>
/// <param name="ClientId">The client's own record, for role client.</param>
public sealed record CurrentUser(
    Guid UserId, UserRole Role, Guid PracticeId, Guid? ProfileId, Guid? ClientId, string? CustomerId)
{
    /// <summary>The run that acts for the user, when the token is a run token.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The sign-in that the token comes from; null for services and runs, which did not sign in.</summary>
    public Guid? SignInId { get; init; }

    /// <returns>Null when a claim that every platform token has is missing or malformed.</returns>
    public static CurrentUser? From(ClaimsPrincipal principal)
    {
        if (!Guid.TryParse(principal.FindFirstValue(TokenClaims.Subject), out var userId)
            || !Guid.TryParse(principal.FindFirstValue(TokenClaims.PracticeId), out var practiceId)
            || userId == Guid.Empty
            || practiceId == Guid.Empty
            || ParseRole(principal.FindFirstValue(TokenClaims.Role)) is not { } role
            || !TryParseOptional(principal, TokenClaims.ProfileId, out var profileId)
            || !TryParseOptional(principal, TokenClaims.ClientId, out var clientId)
            || !TryParseOptional(principal, TokenClaims.RunId, out var runId)
            || !TryParseOptional(principal, TokenClaims.SignInId, out var signInId))
        {
            return null;
        }

        return new(userId, role, practiceId, profileId, clientId, principal.FindFirstValue(TokenClaims.CustomerId)) { RunId = runId, SignInId = signInId };
    }

    private static UserRole? ParseRole(string? role) => role switch
    {
        "owner" => UserRole.Owner,
        "practitioner" => UserRole.Practitioner,
        "reception" => UserRole.Reception,
        "client" => UserRole.Client,
        "admin" => UserRole.Admin,
        "service" => UserRole.Service,
        _ => null,
    };

    private static bool TryParseOptional(ClaimsPrincipal principal, string claim, out Guid? value)
    {
        value = null;
        if (principal.FindFirstValue(claim) is not { } text)
        {
            return true;
        }

        var parsed = Guid.TryParse(text, out var id);
        value = id;
        return parsed;
    }
}
