using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>
/// Counts the words of feeling in what the client says. A negation up to three words before such a word, in the same sentence, turns it
/// round and halves it: not good is less than bad.
/// </summary>
internal static class Sentiment
{
    private const int NegationReach = 3;
    private const int MostStatements = 10;
    private const double Noticeable = 0.15;

    private static readonly HashSet<string> Negations =
        ["not", "no", "never", "nobody", "nothing", "neither", "nor", "without", "hardly", "barely", "cannot", "none"];

    public static SentimentResponse Read(IReadOnlyList<AnalyzedSegment> segments)
    {
        var statements = segments
            .Where(segment => segment.Role is SpeakerRoles.Client)
            .Select(segment => (Segment: segment, Words: WordsOf(segment.Segment.Text)))
            .Where(statement => statement.Words.Count > 0)
            .ToList();
        var words = statements.SelectMany(statement => statement.Words).ToList();
        double? score = words.Count == 0 ? null : Mean(words);
        return new(
            score switch
            {
                null => "none",
                > Noticeable => "positive",
                < -Noticeable => "negative",
                _ => "balanced",
            },
            score,
            words.Count(word => word.Value > 0),
            words.Count(word => word.Value < 0),
            [.. Enumerable.Range(0, 3).Select(third => statements
                .Where(statement => statement.Segment.Index * 3 / segments.Count == third)
                .SelectMany(statement => statement.Words)
                .ToList() is { Count: > 0 } said ? Mean(said) : (double?)null)],
            [.. statements
                .Select(statement => new SentimentStatementResponse(statement.Segment.Quote(), Mean(statement.Words), statement.Words))
                .OrderByDescending(statement => Math.Abs(statement.Score))
                .ThenByDescending(statement => statement.Words.Count)
                .Take(MostStatements)
                .OrderBy(statement => statement.Statement.Index)]);
    }

    internal static IReadOnlyList<SentimentWordResponse> WordsOf(string text)
    {
        var found = new List<SentimentWordResponse>();
        foreach (var (start, length) in Sentences.Of(text))
        {
            var words = TermReader.Words(text.Substring(start, length)).Select(word => text.Substring(start + word.Start, word.Length).ToLowerInvariant().Replace('’', '\'')).ToList();
            for (var index = 0; index < words.Count; index++)
            {
                if (SentimentLexicon.Find(words[index]) is not { } value)
                {
                    continue;
                }

                var negated = words.Take(index).TakeLast(NegationReach).Any(word => Negations.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal));
                found.Add(new(words[index], negated ? -value / 2 : value, negated));
            }
        }

        return found;
    }

    private static double Mean(IReadOnlyList<SentimentWordResponse> words) => Math.Round(words.Average(word => word.Value), 3);
}
