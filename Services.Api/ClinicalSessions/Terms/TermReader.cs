using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions.Terms;

/// <summary>Reads the content words of texts, folded and stemmed. Words repeat, so an instance remembers what became of each; one thread at a time.</summary>
internal sealed class TermReader
{
    private readonly Dictionary<string, string?> _stems = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>The terms in order; function words and fillers are left out.</returns>
    public IReadOnlyList<Term> Read(string text)
    {
        var terms = new List<Term>();
        foreach (var (start, length) in Words(text))
        {
            if (StemOf(text.AsSpan(start, length)) is { } stem)
            {
                terms.Add(new(stem, start, length));
            }
        }

        return terms;
    }

    /// <summary>Every word, content or not: letters and digits, with apostrophes inside.</summary>
    public static IEnumerable<(int Start, int Length)> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && IsPartOfWord(text, start, end))
            {
                end++;
            }

            if (end > start)
            {
                yield return (start, end - start);
            }

            start = Math.Max(end, start + 1);
        }
    }

    // don't, O’Brien; not the quotes of 'well'
    private static bool IsPartOfWord(string text, int start, int index) =>
        char.IsLetterOrDigit(text[index])
        || (text[index] is '\'' or '’' && index > start && index + 1 < text.Length && char.IsLetterOrDigit(text[index + 1]));

    private string? StemOf(ReadOnlySpan<char> word)
    {
        var known = _stems.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(word, out var stem))
        {
            var folded = NameFolding.Fold(word.ToString());
            folded = folded.EndsWith("'s", StringComparison.Ordinal) ? folded[..^2] : folded;
            stem = StopWords.Contains(folded) ? null : Stemmer.Stem(folded);
            known[word] = stem;
        }

        return stem;
    }
}
