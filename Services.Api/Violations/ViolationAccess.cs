using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Violations;

/// <summary>Recorded for the profile of the token, or by a service for a practitioner of its practice; read by those who lead.</summary>
internal static class ViolationAccess
{
    public static void EnsureMayRecord(CurrentUser user)
    {
        if (user.Role is UserRole.Client)
        {
            throw ProfileForbidden();
        }
    }

    public static void EnsureMayRead(CurrentUser user)
    {
        if (!user.Leads())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "violation.read_forbidden", "Violations are read by those who lead the practice.");
        }
    }

    /// <summary>The same for a profile of somebody else, of another practice and of nobody.</summary>
    public static DomainException ProfileForbidden() =>
        new(DomainErrorKind.Forbidden, "violation.profile_forbidden", "The profile is none that this token may use.")
        {
            Errors = [new("profileId", "Not a profile of this token.", "violation.profile_forbidden")],
        };

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "violation.not_found", "There is no such record.");
}
