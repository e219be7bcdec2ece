using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Practices;

/// <summary>Everybody of a practice reads its profile; those who lead it change it.</summary>
internal static class PracticeAccess
{
    public static bool Leads(this CurrentUser user) => user.Role is UserRole.Owner or UserRole.Admin;

    public static void EnsureMayChange(CurrentUser user)
    {
        if (!user.Leads())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "practice.change_forbidden", "The practice is changed by those who lead it.");
        }
    }

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "practice.not_found", "There is no such practice.");

    public static DomainException LocationNotFound() => new(DomainErrorKind.NotFound, "location.not_found", "There is no such location.");
}
