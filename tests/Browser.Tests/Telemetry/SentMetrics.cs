namespace AiPlatform.Browser.Tests.Telemetry;

/// <summary>Metrics to send, cumulative as the SDK sends them.</summary>
internal static class SentMetrics
{
    private static readonly double[] Bounds = [0.01, 0.1, 1];

    // Metric: {1 = name, 2 = description, 3 = unit, 7 = sum {1 = points {3 = time, 4 = value, 7 = attributes}, 2 = temporality, 3 = monotonic}}
    public static byte[] UpDown(string name, string unit, IEnumerable<(DateTimeOffset Time, double Value, string Kind)> points) => Metric(name, "Kept now.", unit, Proto.Bytes(7, Proto.Message(
    [
        .. points.Select(point => Proto.Bytes(1, Proto.Message([Proto.Time(3, point.Time), Proto.Double(4, point.Value), .. Proto.Attributes(7, [("kind", point.Kind)])]))),
        Proto.Number(2, 2),
    ])));

    // Histogram: {1 = points {3 = time, 4 = count, 5 = sum, 6 = buckets, 7 = bounds, 8 = exemplars, 9 = attributes}, 2 = temporality}
    public static byte[] Durations(string name, IEnumerable<(DateTimeOffset Time, long[] Buckets)> points, (DateTimeOffset Time, double Value, string TraceId, string SpanId) exemplar) => Metric(name, "How long it took.", "s", Proto.Bytes(9, Proto.Message(
    [
        .. points.Select(point => Proto.Bytes(1, Proto.Message(
        [
            Proto.Time(3, point.Time),
            Proto.Count(4, point.Buckets.Sum()),
            Proto.Double(5, point.Buckets.Sum() * 0.05),
            .. point.Buckets.Select(count => Proto.Count(6, count)),
            .. Bounds.Select(bound => Proto.Double(7, bound)),
            Proto.Bytes(8, Proto.Message(Proto.Time(2, exemplar.Time), Proto.Double(3, exemplar.Value), Proto.Id(4, exemplar.SpanId), Proto.Id(5, exemplar.TraceId))),
        ]))),
        Proto.Number(2, 2),
    ])));

    private static byte[] Metric(string name, string description, string unit, byte[] data) => Proto.Message(Proto.Text(1, name), Proto.Text(2, description), Proto.Text(3, unit), data);
}
