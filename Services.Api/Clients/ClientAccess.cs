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

    /// <summary>The signed-in client's own id, for what is about nobody but themself.</summary>
    /// <exception cref="DomainException">The caller is no client.</exception>
    public static Guid OwnClientId(this CurrentUser user, string code, string message) => user.Role is UserRole.Client
        ? user.ClientId ?? throw NotFound()
        : throw new DomainException(DomainErrorKind.Forbidden, code, message);

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "client.not_found", "There is no such client.");
}
