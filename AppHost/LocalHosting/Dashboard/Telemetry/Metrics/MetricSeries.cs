namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>A combination of attributes of one process.</summary>
internal sealed class SeriesKey(string? instance, byte[] attributes) : IEquatable<SeriesKey>
{
    private readonly int _hash = HashOf(instance, attributes);

    public string? Instance { get; } = instance;

    /// <summary>One KeyValue message after the other.</summary>
    public byte[] Attributes { get; } = attributes;

    public int Size => 400 + Attributes.Length;

    public bool Equals(SeriesKey? other) => other is not null && other.Instance == Instance && other.Attributes.AsSpan().SequenceEqual(Attributes);

    public override bool Equals(object? obj) => Equals(obj as SeriesKey);

    public override int GetHashCode() => _hash;

    private static int HashOf(string? instance, byte[] attributes)
    {
        var hash = new HashCode();
        hash.Add(instance);
        hash.AddBytes(attributes);
        return hash.ToHashCode();
    }
}

/// <summary>A value at a time. Of a sum it is what was counted since the process began.</summary>
internal sealed class MetricPoint(ulong time, double value, HistogramValue? histogram)
{
    /// <summary>Nanoseconds since the epoch; of a value that repeats, the last time it was so.</summary>
    public ulong Time { get; set; } = time;

    public double Value { get; } = value;

    public HistogramValue? Histogram { get; } = histogram;

    public bool IsSame(MetricPoint other) => Value.Equals(other.Value) && Histogram?.Count == other.Histogram?.Count;
}

/// <summary>The values of one combination of attributes, oldest first. Guarded by its store.</summary>
internal sealed class MetricSeries(MetricInstrument instrument, SeriesKey key)
{
    private readonly Queue<MetricPoint> _points = new();
    private MetricPoint? _last;
    private MetricPoint? _beforeLast;

    public MetricInstrument Instrument { get; } = instrument;

    public SeriesKey Key { get; } = key;

    public IReadOnlyCollection<MetricPoint> Points => _points;

    public long Size => Key.Size + _points.Sum(p => (long)SizeOf(p));

    /// <summary>Adds the point, or lets the last one reach until now when the value only repeats: a line needs its two ends.</summary>
    /// <returns>The point that was added, if any.</returns>
    public MetricPoint? Add(ReceivedPoint received)
    {
        var point = Instrument.Description.IsDelta && _last is not null
            ? new MetricPoint(received.Time, _last.Value + received.Value, received.Histogram is null ? null : _last.Histogram?.Plus(received.Histogram) ?? received.Histogram)
            : new MetricPoint(received.Time, received.Value, received.Histogram);
        if (_last is not null && received.Time < _last.Time)
        {
            return null;
        }

        if (_last is not null && _beforeLast is not null && point.IsSame(_last) && point.IsSame(_beforeLast))
        {
            _last.Time = point.Time;
            return null;
        }

        _points.Enqueue(point);
        (_beforeLast, _last) = (_last, point);
        return point;
    }

    /// <returns>What the oldest point took, and whether it was the last.</returns>
    public (int Bytes, bool IsEmpty) DropOldest() => (SizeOf(_points.Dequeue()), _points.Count == 0);

    public static int SizeOf(MetricPoint point) => 64 + (point.Histogram?.Size ?? 0);
}
