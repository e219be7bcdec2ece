using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;
using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.ClinicalSessions.Search;

/// <summary>Looks through transcripts by words and, when an embedding model is configured, by meaning.</summary>
internal sealed class SemanticSearchService(
    SearchedSessions sessions, ITranscriptStore transcripts, SegmentSimilarity similarity, AuditQueue audit, TimeProvider timeProvider)
{
    public async Task<SemanticSearchResponse> SearchAsync(CurrentUser user, SemanticSearchRequest request, CancellationToken cancellationToken)
    {
        var search = SemanticSearch.Read(request);
        var (searched, truncated) = search.SessionIds is { } ids
            ? await sessions.NamedAsync(user, ids, cancellationToken)
            : await sessions.NewestAsync(user, search, cancellationToken);

        var segments = await transcripts.ReadAllAsync(user.PracticeId, [.. searched.Select(session => session.Id)], cancellationToken);
        var reader = new TermReader();
        var stems = reader.Read(search.Query).Select(term => term.Stem).ToHashSet();
        var terms = segments.Select(segment => reader.Read(segment.Segment.Text)).ToList();
        var (cosines, state) = await similarity.MeasureAsync(user.PracticeId, search.Query, segments, cancellationToken);
        var ranked = FusedRanking.Rank(Bm25.Score(stems, terms), cosines, search.Threshold);
        var hits = ranked.Take(search.Limit).Select(hit => ToResponse(hit, segments[hit.Index], terms[hit.Index], stems)).ToList();
        if (search.SessionIds is null)
        {
            await RecordAsync(user, hits, cancellationToken);
        }

        return new(
            hits, ranked.Count, searched.Count, segments.Count, searched.Count == 0 ? null : searched.Min(session => session.StartedAt), truncated, state);
    }

    // Of sessions that nobody named, those that something was told from.
    private async Task RecordAsync(CurrentUser user, IReadOnlyList<SemanticHitResponse> hits, CancellationToken cancellationToken)
    {
        foreach (var id in hits.Select(hit => hit.SessionId).Distinct())
        {
            var entry = AuditEntry.By(
                user, AuditActions.TranscriptSearched, AuditRecords.Session, id, timeProvider.GetUtcNow(), AuditOutcomes.Success);
            await audit.RecordAsync(user.PracticeId, entry, cancellationToken);
        }
    }

    private static SemanticHitResponse ToResponse(RankedText hit, SessionSegment found, IReadOnlyList<Term> terms, HashSet<string> stems)
    {
        var (speaker, startMs, text) = found.Segment;
        return new(
            found.SessionId, found.Position, speaker, SegmentTime.Clock(startMs), SegmentTime.Seconds(startMs), text,
            Math.Round(hit.Score, 4), Math.Round(hit.WordScore, 4), hit.Similarity is { } cosine ? Math.Round(cosine, 4) : null,
            [.. terms.Where(term => stems.Contains(term.Stem)).Select(term => new HighlightResponse(term.Start, term.Length))]);
    }
}
