using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Who may read which session, and sessions with the names of their people.</summary>
internal sealed class ClinicalSessionService(
    ClientGate gate, IClinicalSessionStore sessions, IClientStore clients, IPractitionerStore practitioners, AuditQueue audit,
    TimeProvider timeProvider)
{
    public async Task<SessionSearchResponse> SearchAsync(CurrentUser user, SessionSearch search, CancellationToken cancellationToken)
    {
        // Whoever may not read transcripts may not feel their way through them by keywords either.
        if (!string.IsNullOrWhiteSpace(search.Keywords))
        {
            EnsureReadsTranscripts(user);
        }

        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var filter = new SessionFilter
        {
            Scope = scope,
            ClientIds = await FindClientsAsync(user.PracticeId, scope, search, cancellationToken),
            From = search.From,
            Before = search.Before,
            Keywords = ClinicalSessions.Keywords.Read(search.Keywords),
            Limit = search.Limit,
        };
        var (found, total) = await sessions.SearchAsync(user.PracticeId, filter, cancellationToken);
        return new(await DescribeAsync(user.PracticeId, found, cancellationToken), total);
    }

    public async Task<SessionResponse> GetAsync(CurrentUser user, Guid id, bool includeSegments, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(user.PracticeId, await gate.ScopeOfAsync(user, cancellationToken), id, cancellationToken);
        if (includeSegments)
        {
            var outcome = session is not null && MayReadTranscripts(user) ? AuditOutcomes.Success : AuditOutcomes.Refused;
            var entry = AuditEntry.By(user, AuditActions.TranscriptRead, AuditRecords.Session, id, timeProvider.GetUtcNow(), outcome);
            await audit.RecordAsync(user.PracticeId, entry, cancellationToken);
        }

        if (session is null)
        {
            throw new DomainException(DomainErrorKind.NotFound, "session.not_found", "There is no such session.");
        }

        var response = (await DescribeAsync(user.PracticeId, [session], cancellationToken))[0];
        if (!includeSegments)
        {
            return response;
        }

        EnsureReadsTranscripts(user);
        var segments = await sessions.ReadSegmentsAsync(user.PracticeId, id, cancellationToken);
        return response with { Segments = [.. segments.Select(ToResponse)] };
    }

    public static void EnsureReadsTranscripts(CurrentUser user)
    {
        if (!MayReadTranscripts(user))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "session.transcript_forbidden", "The front desk does not read transcripts.");
        }
    }

    private static bool MayReadTranscripts(CurrentUser user) => user.Role is not UserRole.Reception;

    private static SegmentResponse ToResponse(TranscriptSegment segment, int index)
    {
        var start = TimeSpan.FromMilliseconds(segment.StartMs);
        return new(
            index, segment.Speaker, $"{(int)start.TotalHours:00}:{start.Minutes:00}:{start.Seconds:00}", start.TotalSeconds, segment.Text);
    }

    /// <returns>Whom the search names; null when it names nobody.</returns>
    private async Task<IReadOnlyList<Guid>?> FindClientsAsync(
        Guid practiceId, ClientScope scope, SessionSearch search, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(search.ClientName))
        {
            return search.ClientId is { } asked ? [asked] : null;
        }

        var named = await clients.FindIdsAsync(practiceId, scope, search.ClientName, cancellationToken);
        return [.. named.Where(id => search.ClientId is null || id == search.ClientId)];
    }

    private async Task<IReadOnlyList<SessionResponse>> DescribeAsync(
        Guid practiceId, IReadOnlyList<ClinicalSession> found, CancellationToken cancellationToken)
    {
        var clientNames = await clients.FindNamesAsync(practiceId, [.. found.Select(session => session.ClientId)], cancellationToken);
        var practitionerNames = await practitioners.FindNamesAsync(
            practiceId, [.. found.Select(session => session.PractitionerId)], cancellationToken);
        return [.. found.Select(session => new SessionResponse(
            session.Id,
            session.ClientId,
            clientNames.GetValueOrDefault(session.ClientId),
            session.PractitionerId,
            practitionerNames.GetValueOrDefault(session.PractitionerId),
            session.Title,
            session.StartedAt,
            session.DurationSeconds,
            session.TotalSegments,
            session.AverageConfidence,
            session.HasTranscript))];
    }
}

internal sealed record SessionSearch(
    string? ClientName, Guid? ClientId, DateTimeOffset? From, DateTimeOffset? Before, string? Keywords, int Limit);
