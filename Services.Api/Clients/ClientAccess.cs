using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Clients;

/// <summary>Which clients of their practice a caller may see: everybody who works there all of them, a client themself.</summary>
internal static class ClientAccess
{
    /// <returns>Null for no limit. A client without a record of their own gets an id that nobody has.</returns>
    public static Guid? OnlyClientId(this CurrentUser user) => user.Role is UserRole.Client ? user.ClientId ?? Guid.Empty : null;

    public static bool MaySee(this CurrentUser user, Guid clientId) => user.OnlyClientId() is not { } only || only == clientId;

    /// <summary>Working notes and transcripts are for those who treat, lead or serve the practice, not for its front desk.</summary>
    public static bool ReadsNotes(this CurrentUser user) => user.Role is not (UserRole.Reception or UserRole.Client);

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "client.not_found", "There is no such client.");
}
