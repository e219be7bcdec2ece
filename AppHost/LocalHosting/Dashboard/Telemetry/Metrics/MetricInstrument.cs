namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

internal enum MetricKind
{
    Gauge,
    Sum,
    Histogram,
}

internal sealed record InstrumentKey(string Resource, string Meter, string Name);

/// <summary>What a point says of its instrument.</summary>
internal sealed record InstrumentDescription(InstrumentKey Key, string Unit, string Description, MetricKind Kind, bool IsMonotonic, bool IsDelta);

/// <summary>A value with the trace that made it.</summary>
internal sealed record MetricExemplar(ulong Time, double Value, TraceId TraceId, ulong SpanId);

/// <summary>One value of one combination of attributes as it arrived.</summary>
/// <param name="Attributes">The attributes' bytes, one KeyValue after the other: what tells series apart.</param>
/// <param name="Start">Since when it counts, in nanoseconds since the epoch; 0 is unknown.</param>
/// <param name="Histogram">Instead of a value.</param>
internal sealed record ReceivedPoint(
    InstrumentDescription Instrument, TelemetryResource Resource, byte[] Attributes, ulong Start, ulong Time, double Value, HistogramValue? Histogram, IReadOnlyList<MetricExemplar> Exemplars);

/// <summary>An instrument of a service with its series. Guarded by its store.</summary>
internal sealed class MetricInstrument(InstrumentDescription description)
{
    private const int MaxExemplars = 200;

    public InstrumentDescription Description { get; } = description;

    public Dictionary<SeriesKey, MetricSeries> Series { get; } = [];

    public Queue<MetricExemplar> Exemplars { get; } = new();

    // An exporter repeats an exemplar until a newer one takes its place.
    public void Add(MetricExemplar exemplar)
    {
        if (!Exemplars.Contains(exemplar))
        {
            Exemplars.Enqueue(exemplar);
            if (Exemplars.Count > MaxExemplars)
            {
                Exemplars.Dequeue();
            }
        }
    }
}
