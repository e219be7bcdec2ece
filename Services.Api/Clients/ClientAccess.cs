using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Clients;

/// <summary>What of a client a caller may read once <see cref="ClientGate"/> let them in.</summary>
internal static class ClientAccess
{
    /// <summary>Working notes and transcripts are for those who treat, lead or serve the practice, not for its front desk.</summary>
    public static bool ReadsNotes(this CurrentUser user) => user.Role is not (UserRole.Reception or UserRole.Client);

    /// <summary>What becomes part of a treatment comes from those who treat or lead: a service reads for them, and writes with their token.</summary>
    public static bool MayWriteNotes(this CurrentUser user) => user.Role is UserRole.Owner or UserRole.Practitioner or UserRole.Admin;

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "client.not_found", "There is no such client.");
}
