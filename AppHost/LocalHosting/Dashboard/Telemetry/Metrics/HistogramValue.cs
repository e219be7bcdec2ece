namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>How many values were between two bounds.</summary>
internal readonly record struct Bucket(double Low, double High, double Count);

/// <summary>What a histogram had counted at a time: since its process began, or between two such times.</summary>
internal abstract record HistogramValue(double Count, double Sum)
{
    public abstract int Size { get; }

    /// <summary>From the lowest on.</summary>
    public abstract IEnumerable<Bucket> Buckets();

    /// <summary>What came since an earlier state; all of it when that one is of another process or other buckets.</summary>
    public HistogramValue Since(HistogramValue? earlier) => earlier is null || earlier.Count > Count ? this : Combine(earlier, -1) ?? this;

    public HistogramValue Plus(HistogramValue more) => Combine(more, 1) ?? more;

    /// <summary>By linear interpolation inside the bucket that the quantile falls into; null when nothing was counted.</summary>
    public double? Quantile(double quantile)
    {
        var rank = quantile * Count;
        double? last = null;
        foreach (var bucket in Buckets().Where(b => b.Count > 0))
        {
            if (rank <= bucket.Count)
            {
                return bucket.Low + ((bucket.High - bucket.Low) * rank / bucket.Count);
            }

            rank -= bucket.Count;
            last = bucket.High;
        }

        return last;
    }

    /// <returns>Null when the two cannot be put together.</returns>
    protected abstract HistogramValue? Combine(HistogramValue other, int sign);
}

/// <summary>Buckets between given bounds; the first reaches down to 0, or is a point below it, and the last has no end, so it counts as its lower bound.</summary>
internal sealed record ExplicitHistogram(double Count, double Sum, double[] Bounds, double[] Counts) : HistogramValue(Count, Sum)
{
    public override int Size => 64 + (8 * (Bounds.Length + Counts.Length));

    public override IEnumerable<Bucket> Buckets()
    {
        for (var i = 0; i < Counts.Length; i++)
        {
            var high = Bounds.Length == 0 ? Sum / Math.Max(1, Count) : Bounds[Math.Min(i, Bounds.Length - 1)];
            var low = i == 0 ? Math.Min(0, high) : Bounds[i - 1];
            yield return new(low, high, Counts[i]);
        }
    }

    protected override HistogramValue? Combine(HistogramValue other, int sign) =>
        other is ExplicitHistogram same && same.Bounds.AsSpan().SequenceEqual(Bounds)
            ? new ExplicitHistogram(Count + (sign * same.Count), Sum + (sign * same.Sum), Bounds, [.. Counts.Zip(same.Counts, (a, b) => Math.Max(0, a + (sign * b)))])
            : null;
}

/// <summary>Buckets whose bounds are powers of 2^(2^-scale): bucket i lies between the i-th and the next.</summary>
internal sealed record ExponentialHistogram(
    double Count, double Sum, int Scale, double ZeroCount, IReadOnlyDictionary<int, double> Positive, IReadOnlyDictionary<int, double> Negative) : HistogramValue(Count, Sum)
{
    public override int Size => 160 + (48 * (Positive.Count + Negative.Count));

    public override IEnumerable<Bucket> Buckets() =>
    [
        .. Negative.OrderByDescending(b => b.Key).Select(b => new Bucket(-Bound(b.Key + 1), -Bound(b.Key), b.Value)),
        new(0, 0, ZeroCount),
        .. Positive.OrderBy(b => b.Key).Select(b => new Bucket(Bound(b.Key), Bound(b.Key + 1), b.Value)),
    ];

    protected override HistogramValue? Combine(HistogramValue other, int sign)
    {
        if (other is not ExponentialHistogram same)
        {
            return null;
        }

        var scale = Math.Min(Scale, same.Scale);
        return new ExponentialHistogram(
            Count + (sign * same.Count), Sum + (sign * same.Sum), scale, Math.Max(0, ZeroCount + (sign * same.ZeroCount)),
            Combine(Positive, Scale - scale, same.Positive, same.Scale - scale, sign),
            Combine(Negative, Scale - scale, same.Negative, same.Scale - scale, sign));
    }

    // An exporter that runs out of buckets makes them twice as wide: two neighbours become one, as often as the scale went down.
    private static Dictionary<int, double> Combine(IReadOnlyDictionary<int, double> mine, int shift, IReadOnlyDictionary<int, double> others, int otherShift, int sign)
    {
        var combined = new Dictionary<int, double>();
        foreach (var (index, count) in mine)
        {
            combined[index >> shift] = combined.GetValueOrDefault(index >> shift) + count;
        }

        foreach (var (index, count) in others)
        {
            combined[index >> otherShift] = Math.Max(0, combined.GetValueOrDefault(index >> otherShift) + (sign * count));
        }

        return combined;
    }

    private double Bound(int index) => Math.Pow(2, index * Math.Pow(2, -Scale));
}
