using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Transcripts are for those who treat, lead or serve the practice and for the client themself, not for its front desk.</summary>
internal static class TranscriptAccess
{
    public static bool Reads(CurrentUser user) => user.Role is not UserRole.Reception;

    public static void EnsureReads(CurrentUser user)
    {
        if (!Reads(user))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "session.transcript_forbidden", "The front desk does not read transcripts.");
        }
    }

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "session.not_found", "There is no such session.");

    public static DomainException Expired() =>
        new(DomainErrorKind.Gone, "session.transcript_expired", "The practice keeps transcripts for a time only; this one was erased.");
}
