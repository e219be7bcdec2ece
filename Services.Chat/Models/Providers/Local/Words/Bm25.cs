namespace AiPlatform.Services.Chat.Models.Providers.Local.Words;

/// <summary>Okapi BM25 over a small set of texts: how well each answers a question, rare words counting most.</summary>
internal sealed class Bm25
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    private readonly Dictionary<string, int>[] _counts;
    private readonly int[] _lengths;
    private readonly double _averageLength;
    private readonly Dictionary<string, double> _weights;

    public Bm25(IReadOnlyList<IReadOnlyList<string>> documents)
    {
        _counts = [.. documents.Select(document => document.CountBy(stem => stem).ToDictionary(StringComparer.Ordinal))];
        _lengths = [.. documents.Select(document => document.Count)];
        _averageLength = Math.Max(1, _lengths.DefaultIfEmpty().Average());
        _weights = _counts
            .SelectMany(counts => counts.Keys)
            .CountBy(stem => stem, StringComparer.Ordinal)
            .ToDictionary(
                pair => pair.Key,
                pair => Math.Log(1 + ((_counts.Length - pair.Value + 0.5) / (pair.Value + 0.5))),
                StringComparer.Ordinal);
    }

    public double Score(IEnumerable<string> query, int document)
    {
        var score = 0.0;

        foreach (var stem in query.Distinct(StringComparer.Ordinal))
        {
            if (_counts[document].TryGetValue(stem, out var count))
            {
                var norm = Saturation * (1 - LengthWeight + (LengthWeight * _lengths[document] / _averageLength));
                score += _weights[stem] * count * (Saturation + 1) / (count + norm);
            }
        }

        return score;
    }
}
