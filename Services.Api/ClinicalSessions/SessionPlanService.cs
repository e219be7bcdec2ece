using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Sessions as appointments: planned, held, cancelled. Those who work in the practice keep them, its front desk too; transcripts come by import.</summary>
internal sealed partial class SessionPlanService(
    ClientGate gate, IClinicalSessionStore sessions, IPractitionerStore practitioners, TimeProvider timeProvider, ILogger<SessionPlanService> logger)
{
    private const int TitleLength = 200;
    private const int LongestSeconds = 24 * 60 * 60;
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromDays(5 * 365);

    // The clocks of those who write it down differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public static void EnsureMayPlan(CurrentUser user)
    {
        if (user.Role is UserRole.Client)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "session.write_forbidden", "Sessions are kept by those who work in the practice.");
        }
    }

    public async Task<(ClinicalSession Session, bool Created)> CreateAsync(
        CurrentUser user, CreateSessionRequest request, WriteKey key, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var faults = new Faults("session.invalid");
        if (request.ClientId is null)
        {
            faults.Add("clientId", "session.client_missing", "A client is needed.");
        }

        if (request.Status is not (SessionStatus.Planned or SessionStatus.Held))
        {
            faults.Add("status", "session.status_invalid", "The status is planned or held.");
        }

        var (title, startedAt, durationSeconds) = Check(new(request.Title, request.StartedAt, request.DurationSeconds, request.Status), now, faults);
        if (request.PractitionerId is { } named && !(await practitioners.FindNamesAsync(user.PracticeId, [named], cancellationToken)).ContainsKey(named))
        {
            faults.Add("practitionerId", "session.practitioner_unknown", "The practice has no such practitioner.");
        }

        faults.Throw();
        var client = await gate.FindAsync(user, request.ClientId!.Value, cancellationToken) ?? throw ClientAccess.NotFound();
        var session = new ClinicalSession(
            Guid.CreateVersion7(now), client.Id, request.PractitionerId ?? user.ProfileId ?? client.PractitionerId, title, startedAt, durationSeconds,
            TotalSegments: 0, AverageConfidence: null, request.Status!, TranscriptExpiredAt: null, Version: 1);
        var audited = AuditEntry.By(user, AuditActions.SessionCreated, AuditRecords.Session, session.Id, now);
        var (id, created) = await sessions.CreateAsync(user.PracticeId, key, session, audited, cancellationToken);
        if (created)
        {
            LogCreated(id, session.Status);
            return (session, true);
        }

        var earlier = await sessions.FindAsync(user.PracticeId, await gate.ScopeOfAsync(user, cancellationToken), id, cancellationToken);
        return (earlier ?? throw ClientAccess.NotFound(), false);
    }

    public async Task<ClinicalSession> ChangeAsync(
        CurrentUser user, Guid id, ChangeSessionRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var audited = AuditEntry.By(user, AuditActions.SessionChanged, AuditRecords.Session, id, now);
        return await sessions.ChangeAsync(user.PracticeId, scope, id, found => Change(found, request, ifMatch, now), audited, cancellationToken)
            ?? throw TranscriptAccess.NotFound();
    }

    private static ClinicalSession Change(ClinicalSession found, ChangeSessionRequest request, IfMatch ifMatch, DateTimeOffset now)
    {
        ifMatch.Ensure(found.Version);
        var faults = new Faults("session.invalid");
        if (request.Status is not (SessionStatus.Planned or SessionStatus.Held or SessionStatus.Cancelled))
        {
            faults.Add("status", "session.status_invalid", "The status is planned, held or cancelled.");
        }

        var (title, startedAt, durationSeconds) = Check(request, now, faults);
        faults.Throw();
        return found.WasTranscribed && request.Status is not SessionStatus.Held
            ? throw new DomainException(DomainErrorKind.Conflict, "session.was_held", "A session with a transcript was held.")
            : found with { Title = title, StartedAt = startedAt, DurationSeconds = durationSeconds, Status = request.Status! };
    }

    private static (string Title, DateTimeOffset StartedAt, int DurationSeconds) Check(ChangeSessionRequest request, DateTimeOffset now, Faults faults)
    {
        var latest = request.Status is SessionStatus.Held ? now + ClockSkew : now + FurthestAhead;
        if (request.StartedAt is not { } startedAt || startedAt < DateTimeOffset.UnixEpoch || startedAt > latest)
        {
            faults.Add("startedAt", "session.start_invalid", "A session has a start: one that was held in the past, one that is planned within five years.");
        }

        return (
            faults.Text("title", request.Title, TitleLength),
            request.StartedAt ?? now,
            faults.Number("durationSeconds", request.DurationSeconds, 0, LongestSeconds));
    }

    [LoggerMessage(LogLevel.Information, "Created session {SessionId}, {Status}.")]
    private partial void LogCreated(Guid sessionId, string status);
}
