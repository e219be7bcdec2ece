using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>Takes in a recorded session, once for each idempotency key.</summary>
internal sealed partial class SessionImportService(
    IClinicalSessionStore sessions, ITranscriptStore transcripts, ClientGate gate, TimeProvider timeProvider, ILogger<SessionImportService> logger)
{
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void EnsureMayImport(CurrentUser user)
    {
        if (!user.MayWriteNotes())
        {
            throw new DomainException(DomainErrorKind.Forbidden, "session.import_forbidden", "Sessions are imported by those who treat or lead.");
        }
    }

    public async Task<(ClinicalSession Session, bool Added)> ImportAsync(
        CurrentUser user, ImportHeader header, SegmentCollector segments, string idempotencyKey, string bodyHash, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        Check(header, segments, now);
        segments.EnsureFaultless();
        var client = await gate.FindAsync(user, header.ClientId!.Value, cancellationToken) ?? throw ClientAccess.NotFound();

        var session = new ClinicalSession(
            Guid.CreateVersion7(now),
            client.Id,
            user.ProfileId ?? client.PractitionerId,
            header.Title!.Trim(),
            header.StartedAt!.Value.ToUniversalTime(),
            (segments.Segments.Max(segment => segment.StartMs) + 999) / 1000,
            segments.Segments.Count,
            AverageConfidence: null,
            SessionStatus.Held,
            TranscriptExpiredAt: null,
            Version: 1);
        var audit = AuditEntry.By(user, AuditActions.SessionImported, AuditRecords.Session, session.Id, now);
        var stored = await transcripts.AddAsync(
            user.PracticeId, new(user.UserId, idempotencyKey, bodyHash, now, audit), session, segments.Segments, cancellationToken);
        if (stored.BodyHash != bodyHash)
        {
            throw new DomainException(DomainErrorKind.Conflict, "idempotency.key_reused", "This Idempotency-Key was used for another import.");
        }

        if (stored.Added)
        {
            LogImported(session.Id, session.TotalSegments);
            return (session, true);
        }

        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var earlier = await sessions.FindAsync(user.PracticeId, scope, stored.SessionId, cancellationToken)
            ?? throw new DomainException(DomainErrorKind.NotFound, "session.not_found", "The session of this import is gone.");
        return (earlier, false);
    }

    private static void Check(ImportHeader header, SegmentCollector segments, DateTimeOffset now)
    {
        if (header.ClientId is null)
        {
            segments.Fault("clientId", "A client is needed.", "session.client_missing", null);
        }

        if (header.StartedAt is not { } startedAt || startedAt < Earliest || startedAt > now.AddDays(1))
        {
            segments.Fault("startedAt", "A session has a start, and it does not lie in the future.", "session.start_invalid", null);
        }

        if (string.IsNullOrWhiteSpace(header.Title) || header.Title.Length > ImportLimits.TitleLength)
        {
            segments.Fault("title", $"A title is 1 to {ImportLimits.TitleLength} characters.", "session.title_invalid", null);
        }
    }

    [LoggerMessage(LogLevel.Information, "Imported session {SessionId} with {Segments} segments.")]
    private partial void LogImported(Guid sessionId, int segments);
}

/// <summary>What an import says beside its segments.</summary>
internal sealed record ImportHeader(Guid? ClientId, DateTimeOffset? StartedAt, string? Title);
