using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Practitioners;

/// <summary>Everybody of a practice sees who treats there; those who lead it say who does.</summary>
internal static class PractitionerAccess
{
    public static void EnsureMayChange(CurrentUser user)
    {
        if (!user.Leads())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "practitioner.change_forbidden", "Practitioners are changed by those who lead the practice.");
        }
    }

    public static bool SeesFeeOf(this CurrentUser user, Guid practitionerId) =>
        user.Leads() || user.Role is UserRole.Reception || (user.Role is UserRole.Practitioner && user.ProfileId == practitionerId);

    public static DomainException NoProfile() =>
        new(DomainErrorKind.Forbidden, "practitioner.profile_required", "This is for those who treat, with the profile of their token.");

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "practitioner.not_found", "There is no such practitioner.");
}
