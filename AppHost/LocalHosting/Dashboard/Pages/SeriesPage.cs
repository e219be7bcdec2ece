using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Receiver;
using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Pages;

/// <param name="Points">[time, value]; of a histogram [time, count, sum, p50, p90, p99], of what came since the point before, with null for quantiles of nothing.</param>
internal sealed record DimensionItem(string[][] Attributes, IReadOnlyList<double?[]> Points);

internal sealed record ExemplarItem(double Time, double Value, string TraceId, string SpanId);

/// <summary>An instrument's chart: gauges and sums that go down as they are, sums that only rise as their rate a second.</summary>
internal sealed record SeriesPage(string Kind, string Unit, IReadOnlyList<DimensionItem> Dimensions, IReadOnlyList<ExemplarItem> Exemplars)
{
    /// <param name="from">Nanoseconds since the epoch; each series may begin with the one point before.</param>
    public static SeriesPage Of(InstrumentDescription instrument, IReadOnlyList<SeriesSnapshot> series, IReadOnlyList<MetricExemplar> exemplars, ulong from)
    {
        // Only where there are several processes does it matter which one it was.
        var hasReplicas = series.Select(s => s.Key.Instance).Distinct().Skip(1).Any();
        return new(
            KindOf(instrument.Kind), instrument.Unit,
            [.. series.Select(s => new DimensionItem(AttributesOf(s.Key, hasReplicas), PointsOf(instrument, s.Points, from))).Where(d => d.Points.Count > 0)],
            [.. exemplars.Select(e => new ExemplarItem(PageTime.Of(e.Time), e.Value, e.TraceId.ToString(), SpanId.Text(e.SpanId)))]);
    }

    public static string KindOf(MetricKind kind) => kind switch { MetricKind.Gauge => "gauge", MetricKind.Sum => "sum", _ => "histogram" };

    private static string[][] AttributesOf(SeriesKey key, bool hasReplicas)
    {
        var attributes = OtlpAttributes.Of(key.Attributes, PointShape.SeriesAttributes);
        if (hasReplicas && key.Instance is { } instance)
        {
            attributes.Add(new("service.instance.id", instance));
        }

        return attributes.ToPairs();
    }

    private static List<double?[]> PointsOf(InstrumentDescription instrument, IReadOnlyList<MetricPoint> points, ulong from) => instrument.Kind switch
    {
        MetricKind.Histogram => [.. points.Select((p, i) => (Point: p, Before: i == 0 ? null : points[i - 1])).Where(p => p.Point.Time >= from).Select(p => Distribution(p.Point, p.Before))],
        MetricKind.Sum when instrument.IsMonotonic => [.. points.Zip(points.Skip(1)).Select(p => Rate(p.First, p.Second))],
        _ => [.. points.Select(p => (double?[])[PageTime.Of(Math.Max(p.Time, from)), p.Value])],
    };

    // A process that began anew counts from 0.
    private static double?[] Rate(MetricPoint before, MetricPoint point)
    {
        var seconds = Math.Max(PageTime.Since(before.Time, point.Time) / 1000, 0.001);
        return [PageTime.Of(point.Time), Finite((point.Value < before.Value ? point.Value : point.Value - before.Value) / seconds)];
    }

    private static double?[] Distribution(MetricPoint point, MetricPoint? before)
    {
        var since = point.Histogram!.Since(before?.Histogram);
        return [PageTime.Of(point.Time), since.Count, Finite(since.Sum), Finite(since.Quantile(0.5)), Finite(since.Quantile(0.9)), Finite(since.Quantile(0.99))];
    }

    // The difference of two huge numbers may be none, and JSON has no word for it.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
