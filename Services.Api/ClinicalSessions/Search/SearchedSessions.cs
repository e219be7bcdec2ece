using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions.Search;

/// <summary>
/// Which transcripts a search looks through, and the record that it did. However large a practice is, a search reads no more than
/// <see cref="MaxSegments"/> segments: what it costs is bounded by what it reads, not by what there is.
/// </summary>
internal sealed class SearchedSessions(ClientGate gate, IClinicalSessionStore sessions, AuditQueue audit, TimeProvider timeProvider)
{
    private const int MaxNewest = 200;
    private const int MaxSegments = 20_000;

    /// <summary>Those of the ids that the caller may see and that have a transcript. The others are as if they were not there.</summary>
    public async Task<(IReadOnlyList<ClinicalSession> Sessions, bool Truncated)> NamedAsync(
        CurrentUser user, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var found = await sessions.FindAllAsync(user.PracticeId, scope, ids, cancellationToken);
        var seen = found.Select(session => session.Id).ToHashSet();
        foreach (var id in ids)
        {
            // What is not found is refused, whoever it belongs to.
            await RecordAsync(user, AuditRecords.Session, id, seen.Contains(id), cancellationToken);
        }

        var searched = found.Where(session => session.HasTranscript).ToList();
        return searched.Sum(session => session.TotalSegments) <= MaxSegments
            ? (searched, false)
            : throw new DomainException(
                DomainErrorKind.TooLarge, "session.search_too_large", $"These transcripts have more than {MaxSegments:N0} segments together; search in fewer.");
    }

    /// <summary>The newest transcripts of whom the caller sees.</summary>
    public async Task<(IReadOnlyList<ClinicalSession> Sessions, bool Truncated)> NewestAsync(
        CurrentUser user, SemanticSearch search, CancellationToken cancellationToken)
    {
        if (search.ClientId is { } clientId)
        {
            await RecordAsync(user, AuditRecords.Client, clientId, await gate.SeesAsync(user, clientId, cancellationToken), cancellationToken);
        }
        else
        {
            await RecordAsync(user, AuditRecords.Practice, user.PracticeId, seen: true, cancellationToken);
        }

        // One more than are looked through tells whether there are more.
        var filter = new SessionFilter
        {
            Scope = await gate.ScopeOfAsync(user, cancellationToken),
            ClientIds = search.ClientId is { } id ? [id] : null,
            From = search.From,
            Before = search.Before,
            HasTranscript = true,
            Limit = MaxNewest + 1,
        };
        var found = await sessions.ListAsync(user.PracticeId, filter, after: null, oldestFirst: false, cancellationToken);
        var segments = 0;
        List<ClinicalSession> searched = [.. found.Take(MaxNewest).Select(named => named.Session).TakeWhile(session => (segments += session.TotalSegments) <= MaxSegments)];
        return (searched, searched.Count < found.Count);
    }

    private ValueTask RecordAsync(CurrentUser user, string record, Guid id, bool seen, CancellationToken cancellationToken) => audit.RecordAsync(
        user.PracticeId,
        AuditEntry.By(
            user, AuditActions.TranscriptSearched, record, id, timeProvider.GetUtcNow(), seen ? AuditOutcomes.Success : AuditOutcomes.Refused),
        cancellationToken);
}
