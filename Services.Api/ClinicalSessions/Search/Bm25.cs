using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.ClinicalSessions.Search;

/// <summary>Okapi BM25 over the texts that are searched: rare terms count more, repetition less each time, and long texts are held against their length.</summary>
internal static class Bm25
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    /// <param name="query">Distinct stems.</param>
    /// <returns>For each text its score; 0 where none of the query occurs.</returns>
    public static double[] Score(IReadOnlySet<string> query, IReadOnlyList<IReadOnlyList<Term>> texts)
    {
        var scores = new double[texts.Count];
        if (query.Count == 0 || texts.Count == 0)
        {
            return scores;
        }

        var counts = texts.Select(terms => CountsOf(query, terms)).ToList();
        var holding = query.ToDictionary(stem => stem, stem => counts.Count(found => found?.ContainsKey(stem) is true));
        var averageLength = Math.Max(texts.Average(terms => terms.Count), 1);
        for (var index = 0; index < scores.Length; index++)
        {
            var length = 1 - LengthWeight + (LengthWeight * texts[index].Count / averageLength);
            foreach (var (stem, count) in counts[index] ?? [])
            {
                var rarity = Math.Log(1 + ((texts.Count - holding[stem] + 0.5) / (holding[stem] + 0.5)));
                scores[index] += rarity * count * (Saturation + 1) / (count + (Saturation * length));
            }
        }

        return scores;
    }

    private static Dictionary<string, int>? CountsOf(IReadOnlySet<string> query, IReadOnlyList<Term> terms)
    {
        Dictionary<string, int>? counts = null;
        foreach (var term in terms)
        {
            if (query.Contains(term.Stem))
            {
                counts ??= [];
                counts[term.Stem] = counts.GetValueOrDefault(term.Stem) + 1;
            }
        }

        return counts;
    }
}
