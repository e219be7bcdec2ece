namespace AiPlatform.Services.Api.ClinicalSessions.Search;

/// <summary>A place in the ranking.</summary>
/// <param name="Index">Which of the ranked texts.</param>
/// <param name="Score">From 0 to 1; the best has 1.</param>
/// <param name="WordScore">Its share of the best BM25 score.</param>
/// <param name="Similarity">The cosine as it is; null without an embedding.</param>
internal readonly record struct RankedText(int Index, double Score, double WordScore, double? Similarity);

/// <summary>
/// One ranking out of two. BM25 is divided by its best, cosines are stretched from their lowest to their highest, because neither a sum of
/// term weights nor a model's habitual nearness means anything by itself. The sum of both, divided by the best sum, is the score.
/// Without embeddings that is BM25 alone.
/// </summary>
internal static class FusedRanking
{
    /// <param name="similarities">Null where a text has no embedding.</param>
    /// <param name="threshold">The least score.</param>
    /// <returns>Best first; equals in the order they were given.</returns>
    public static IReadOnlyList<RankedText> Rank(IReadOnlyList<double> wordScores, IReadOnlyList<double?> similarities, double threshold)
    {
        var bestWords = wordScores.DefaultIfEmpty().Max();
        var (lowest, highest) = (similarities.Min() ?? 0, similarities.Max() ?? 0);
        var sums = wordScores.Select((words, index) => Share(words, 0, bestWords)
            + (similarities[index] is { } similarity ? Share(similarity, lowest, highest) : 0)).ToArray();
        var best = sums.DefaultIfEmpty().Max();
        return best <= 0
            ? []
            : [.. sums
                .Select((sum, index) => new RankedText(index, sum / best, Share(wordScores[index], 0, bestWords), similarities[index]))
                .Where(ranked => ranked.Score > 0 && ranked.Score >= threshold)
                .OrderByDescending(ranked => ranked.Score)];
    }

    // All alike are all the best, unless they are nothing.
    private static double Share(double value, double lowest, double highest) =>
        highest > lowest ? (value - lowest) / (highest - lowest) : value > 0 ? 1 : 0;
}
