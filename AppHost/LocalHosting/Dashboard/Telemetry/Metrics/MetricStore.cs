namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>An instrument in a list.</summary>
internal sealed record InstrumentSummary(InstrumentDescription Description, int Points);

/// <summary>A series as it was when somebody asked, from the last point before the time asked for.</summary>
internal sealed record SeriesSnapshot(SeriesKey Key, IReadOnlyList<MetricPoint> Points);

/// <summary>The newest points of all instruments.</summary>
internal sealed class MetricStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstrumentKey, MetricInstrument> _instruments = [];

    // Whose point is the oldest, the next oldest, and so on.
    private Queue<MetricSeries> _byAge = new();
    private long _received;
    private long _dropped;
    private long _bytes;

    /// <summary>Rises with every batch.</summary>
    public long Version { get; private set; }

    public SignalStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new(_byAge.Count, _received, _dropped, _bytes);
            }
        }
    }

    public void Add(IReadOnlyList<ReceivedPoint> points)
    {
        lock (_gate)
        {
            foreach (var point in points)
            {
                Add(point);
            }

            Version++;
        }
    }

    public List<InstrumentSummary> Instruments(string? resource)
    {
        lock (_gate)
        {
            return [.. _instruments.Values
                .Where(i => IsOf(i.Description.Key, resource))
                .Select(i => new InstrumentSummary(i.Description, i.Series.Values.Sum(s => s.Points.Count)))
                .OrderBy(i => i.Description.Key.Resource, StringComparer.Ordinal).ThenBy(i => i.Description.Key.Meter, StringComparer.Ordinal).ThenBy(i => i.Description.Key.Name, StringComparer.Ordinal)];
        }
    }

    /// <returns>Null when there is no such instrument.</returns>
    public (InstrumentDescription Description, List<SeriesSnapshot> Series, List<MetricExemplar> Exemplars)? Find(InstrumentKey key, ulong from)
    {
        lock (_gate)
        {
            return _instruments.TryGetValue(key, out var instrument)
                ? (instrument.Description, [.. instrument.Series.Values.Select(s => Snapshot(s, from))], [.. instrument.Exemplars.Where(e => e.Time >= from)])
                : null;
        }
    }

    public int PointsOf(string resource)
    {
        lock (_gate)
        {
            return _instruments.Values.Where(i => IsOf(i.Description.Key, resource)).Sum(i => i.Series.Values.Sum(s => s.Points.Count));
        }
    }

    public void Clear(string? resource)
    {
        lock (_gate)
        {
            _byAge = new(_byAge.Where(s => !IsOf(s.Instrument.Description.Key, resource)));
            _bytes = _byAge.Distinct().Sum(s => s.Size);
            foreach (var key in _instruments.Keys.Where(k => IsOf(k, resource)).ToList())
            {
                _instruments.Remove(key);
            }

            Version++;
        }
    }

    private static bool IsOf(InstrumentKey key, string? resource) => resource is null || key.Resource.Equals(resource, StringComparison.OrdinalIgnoreCase);

    // The points themselves move on (a value that repeats); what is handed out must not.
    private static SeriesSnapshot Snapshot(MetricSeries series, ulong from)
    {
        var points = new List<MetricPoint>();
        foreach (var point in series.Points)
        {
            if (point.Time < from)
            {
                points.Clear();
            }

            points.Add(new(point.Time, point.Value, point.Histogram));
        }

        return new(series.Key, points);
    }

    private void Add(ReceivedPoint received)
    {
        _received++;
        if (!_instruments.TryGetValue(received.Instrument.Key, out var instrument) || !instrument.Description.Equals(received.Instrument))
        {
            // A service that was changed and started again may count another way under the same name: its older points are another instrument's.
            instrument = _instruments[received.Instrument.Key] = new MetricInstrument(received.Instrument);
        }

        foreach (var exemplar in received.Exemplars)
        {
            instrument.Add(exemplar);
        }

        var key = new SeriesKey(received.Resource.Instance, received.Attributes);
        if (!instrument.Series.TryGetValue(key, out var series))
        {
            series = instrument.Series[key] = new MetricSeries(instrument, key);
            _bytes += key.Size;
        }

        if (series.Add(received) is { } added)
        {
            _byAge.Enqueue(series);
            _bytes += MetricSeries.SizeOf(added);
            Trim();
        }
    }

    private void Trim()
    {
        while (_byAge.Count > limits.MaxPoints || (_bytes > limits.MaxPointBytes && _byAge.Count > 1))
        {
            var oldest = _byAge.Dequeue();
            var (bytes, isEmpty) = oldest.DropOldest();
            _bytes -= bytes;
            _dropped++;
            if (isEmpty)
            {
                Forget(oldest);
            }
        }
    }

    private void Forget(MetricSeries series)
    {
        _bytes -= series.Key.Size;
        series.Instrument.Series.Remove(series.Key);
        var key = series.Instrument.Description.Key;
        if (series.Instrument.Series.Count == 0 && _instruments.GetValueOrDefault(key) == series.Instrument)
        {
            _instruments.Remove(key);
        }
    }
}
