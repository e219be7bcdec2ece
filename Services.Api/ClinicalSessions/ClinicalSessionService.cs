using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Who may read which session, and sessions with the names of their people.</summary>
internal sealed class ClinicalSessionService(
    ClientGate gate, IClinicalSessionStore sessions, ITranscriptStore transcripts, IClientStore clients, IPractitionerStore practitioners,
    AuditQueue audit, TimeProvider timeProvider)
{
    public async Task<SessionSearchResponse> SearchAsync(CurrentUser user, SessionSearch search, CancellationToken cancellationToken)
    {
        // Whoever may not read transcripts may not feel their way through them by keywords either.
        if (!string.IsNullOrWhiteSpace(search.Keywords))
        {
            TranscriptAccess.EnsureReads(user);
        }

        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var filter = new SessionFilter
        {
            Scope = scope,
            ClientIds = await FindClientsAsync(user.PracticeId, scope, search, cancellationToken),
            From = search.From,
            Before = search.Before,
            Status = search.Status,
            Keywords = ClinicalSessions.Keywords.Read(search.Keywords),
            Limit = search.Limit,
        };
        var (found, total) = await sessions.SearchAsync(user.PracticeId, filter, cancellationToken);
        return new([.. found.Select(ToResponse)], total);
    }

    public async Task<SessionListResponse> ListAsync(CurrentUser user, SessionList list, CancellationToken cancellationToken)
    {
        // One more than asked for tells whether there is a next page.
        var filter = new SessionFilter
        {
            Scope = await gate.ScopeOfAsync(user, cancellationToken),
            ClientIds = list.ClientId is { } clientId ? [clientId] : null,
            PractitionerId = list.PractitionerId,
            From = list.From,
            Before = list.Before,
            HasTranscript = list.HasTranscript,
            Status = list.Status,
            Limit = list.Limit + 1,
        };
        var found = await sessions.ListAsync(user.PracticeId, filter, list.After, list.OldestFirst, cancellationToken);
        var (page, next) = TimeCursor.Page(found, list.Limit, found => new(found.Session.StartedAt, found.Session.Id));
        return new([.. page.Select(ToResponse)], next);
    }

    /// <returns>The session and its version.</returns>
    public async Task<(SessionResponse Session, int Version)> GetAsync(
        CurrentUser user, Guid id, bool includeSegments, CancellationToken cancellationToken)
    {
        if (includeSegments)
        {
            var (whole, segments) = await ReadNamedTranscriptAsync(user, id, clientId: null, AuditActions.TranscriptRead, cancellationToken);
            return (await DescribeAsync(user, whole, cancellationToken) with { Segments = [.. segments.Select(ToResponse)] }, whole.Session.Version);
        }

        var found = await sessions.FindNamedAsync(user.PracticeId, await gate.ScopeOfAsync(user, cancellationToken), id, cancellationToken)
            ?? throw TranscriptAccess.NotFound();
        return (await DescribeAsync(user, found, cancellationToken), found.Session.Version);
    }

    /// <summary>A session as whoever has just made or changed it gets it.</summary>
    public async Task<SessionResponse> DescribeAsync(CurrentUser user, ClinicalSession session, CancellationToken cancellationToken)
    {
        var clientNames = await clients.FindNamesAsync(user.PracticeId, [session.ClientId], cancellationToken);
        var practitionerNames = await practitioners.FindNamesAsync(user.PracticeId, [session.PractitionerId], cancellationToken);
        var named = new NamedSession(
            session, clientNames.GetValueOrDefault(session.ClientId), practitionerNames.GetValueOrDefault(session.PractitionerId));
        return await DescribeAsync(user, named, cancellationToken);
    }

    /// <summary>The one way to a whole transcript: says what the caller may not have, and records that they asked.</summary>
    /// <param name="clientId">Whose session it has to be; null for anybody's.</param>
    /// <param name="action">What the audit calls it.</param>
    /// <returns>No segments when the session never had any.</returns>
    public async Task<(ClinicalSession Session, IReadOnlyList<TranscriptSegment> Segments)> ReadTranscriptAsync(
        CurrentUser user, Guid id, Guid? clientId, string action, CancellationToken cancellationToken)
    {
        var (found, segments) = await ReadNamedTranscriptAsync(user, id, clientId, action, cancellationToken);
        return (found.Session, segments);
    }

    private async Task<(NamedSession Found, IReadOnlyList<TranscriptSegment> Segments)> ReadNamedTranscriptAsync(
        CurrentUser user, Guid id, Guid? clientId, string action, CancellationToken cancellationToken)
    {
        var found = await sessions.FindNamedAsync(user.PracticeId, await gate.ScopeOfAsync(user, cancellationToken), id, cancellationToken);
        found = found is not null && (clientId is null || found.Session.ClientId == clientId) ? found : null;
        var outcome = found is not null && TranscriptAccess.Reads(user) ? AuditOutcomes.Success : AuditOutcomes.Refused;
        var entry = AuditEntry.By(user, action, AuditRecords.Session, id, timeProvider.GetUtcNow(), outcome);
        await audit.RecordAsync(user.PracticeId, entry, cancellationToken);
        if (found is null)
        {
            throw TranscriptAccess.NotFound();
        }

        TranscriptAccess.EnsureReads(user);
        var segments = await transcripts.ReadAsync(user.PracticeId, id, cancellationToken);

        // Also when it was erased between the two reads.
        return segments.Count == 0 && found.Session.WasTranscribed ? throw TranscriptAccess.Expired() : (found, segments);
    }

    private async Task<SessionResponse> DescribeAsync(CurrentUser user, NamedSession found, CancellationToken cancellationToken) =>
        TranscriptAccess.Reads(user) && found.Session.HasTranscript
            ? ToResponse(found) with { Speakers = await transcripts.ReadSpeakersAsync(user.PracticeId, found.Session.Id, cancellationToken) }
            : ToResponse(found);

    private static SessionResponse ToResponse(NamedSession found)
    {
        var (session, clientName, practitionerName) = found;
        return new(
            session.Id, session.ClientId, clientName, session.PractitionerId, practitionerName, session.Title, session.StartedAt,
            session.DurationSeconds, session.TotalSegments, session.AverageConfidence, session.HasTranscript, session.Status, session.Transcript);
    }

    private static SegmentResponse ToResponse(TranscriptSegment segment, int index) =>
        new(index, segment.Speaker, SegmentTime.Clock(segment.StartMs), SegmentTime.Seconds(segment.StartMs), segment.Text);

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
}

internal sealed record SessionSearch(
    string? ClientName, Guid? ClientId, DateTimeOffset? From, DateTimeOffset? Before, string? Status, string? Keywords, int Limit);

internal sealed record SessionList(
    Guid? ClientId, Guid? PractitionerId, DateTimeOffset? From, DateTimeOffset? Before, bool? HasTranscript, string? Status, bool OldestFirst,
    TimeCursor? After, int Limit);
