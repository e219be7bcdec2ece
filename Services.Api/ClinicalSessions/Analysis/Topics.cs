namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>A content word that the session comes back to.</summary>
internal sealed record Topic(string Stem, string Term, int Count, IReadOnlyList<int> Segments)
{
    public TopicResponse ToResponse() => new(Term, Count, Segments);
}

/// <summary>The content words that occur in most segments, each in at least two.</summary>
internal static class Topics
{
    private const int Most = 12;

    public static IReadOnlyList<Topic> Find(IReadOnlyList<AnalyzedSegment> segments) =>
        [.. segments
            .SelectMany(segment => segment.Terms.Select(term => (
                term.Stem, Form: segment.Segment.Text.Substring(term.Start, term.Length).ToLowerInvariant(), segment.Index)))
            .GroupBy(said => said.Stem)
            .Select(group => new Topic(
                group.Key,
                group.GroupBy(said => said.Form).OrderByDescending(form => form.Count()).ThenBy(form => form.Key, StringComparer.Ordinal).First().Key,
                group.Count(),
                [.. group.Select(said => said.Index).Distinct()]))
            .Where(topic => topic.Segments.Count >= 2)
            .OrderByDescending(topic => topic.Segments.Count)
            .ThenByDescending(topic => topic.Count)
            .ThenBy(topic => topic.Term, StringComparer.Ordinal)
            .Take(Most)];
}
