namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>
/// The sentences of the client that carry most of what the session keeps coming back to: each content word counts with the logarithm of
/// the segments it occurs in, and a word that an earlier chosen sentence has already counts no more.
/// </summary>
internal static class SalientStatements
{
    private const int Most = 8;
    private const int FewestTerms = 3;

    public static IReadOnlyList<SegmentQuote> Choose(IReadOnlyList<AnalyzedSegment> segments)
    {
        var weights = segments
            .SelectMany(segment => segment.Terms.Select(term => term.Stem).Distinct())
            .GroupBy(stem => stem)
            .ToDictionary(group => group.Key, group => Math.Log(1 + group.Count()));
        var candidates = segments
            .Where(segment => segment.Role is SpeakerRoles.Client)
            .SelectMany(segment => Sentences.Of(segment.Segment.Text).Select(sentence => Read(segment, sentence)))
            .Where(statement => statement.Stems.Count >= FewestTerms)
            .ToList();

        var told = new HashSet<string>();
        var chosen = new List<Statement>();
        while (chosen.Count < Most && candidates.Count > 0)
        {
            // The square root keeps long sentences from winning by their length alone. MaxBy takes the first of equals.
            var best = candidates.MaxBy(statement => statement.Stems.Where(stem => !told.Contains(stem)).Sum(stem => weights[stem]) / Math.Sqrt(statement.Stems.Count))!;
            if (best.Stems.All(told.Contains))
            {
                break;
            }

            chosen.Add(best);
            candidates.Remove(best);
            told.UnionWith(best.Stems);
        }

        return [.. chosen.OrderBy(statement => statement.Segment.Index).ThenBy(statement => statement.Start).Select(statement => statement.Quote())];
    }

    private static Statement Read(AnalyzedSegment segment, (int Start, int Length) sentence) => new(
        segment,
        sentence.Start,
        sentence.Length,
        [.. segment.Terms.Where(term => term.Start >= sentence.Start && term.Start < sentence.Start + sentence.Length).Select(term => term.Stem).Distinct()]);

    private sealed record Statement(AnalyzedSegment Segment, int Start, int Length, IReadOnlyList<string> Stems)
    {
        public SegmentQuote Quote() => Segment.Quote(Segment.Segment.Text.Substring(Start, Length));
    }
}
