using System.Globalization;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

/// <summary>What services send: export requests and what stands in them.</summary>
internal static class Otlp
{
    /// <summary>1 January 2026 in nanoseconds since the epoch.</summary>
    public const ulong Epoch = 1_767_225_600_000_000_000;

    public const ulong Millisecond = 1_000_000;

    public const ulong Second = 1_000_000_000;

    /// <summary>An export request of one service: {1 = {1 = resource, 2 = {1 = scope, 2 = item...}}}.</summary>
    public static byte[] Request(string service, params byte[][] items) => Request(service, null, "tests", items);

    public static byte[] Request(string service, string? instance, string scope, params byte[][] items)
    {
        byte[] resource = [.. Attribute(1, "service.name", service), .. instance is null ? [] : Attribute(1, "service.instance.id", instance)];
        return Wire.Bytes(1, [.. Wire.Bytes(1, resource), .. Wire.Bytes(2, [.. Wire.Bytes(1, Wire.Text(1, scope)), .. items.SelectMany(i => Wire.Bytes(2, i))])]);
    }

    /// <param name="trace">A number that makes the trace's id; 0 makes none.</param>
    /// <param name="span">Likewise of the span.</param>
    /// <param name="more">Further fields.</param>
    public static byte[] Span(int trace, int span, string name, int parent = 0, ulong startMs = 0, ulong durationMs = 1, bool isError = false, params byte[][] more) =>
    [
        .. trace == 0 ? [] : Wire.Bytes(1, Convert.FromHexString(TraceId(trace))),
        .. span == 0 ? [] : Wire.Bytes(2, Convert.FromHexString(SpanId(span))),
        .. parent == 0 ? [] : Wire.Bytes(4, Convert.FromHexString(SpanId(parent))),
        .. Wire.Text(5, name),
        .. Wire.Fixed(7, Epoch + (startMs * Millisecond)),
        .. Wire.Fixed(8, Epoch + ((startMs + durationMs) * Millisecond)),
        .. isError ? Wire.Bytes(15, [.. Wire.Text(2, "It failed."), .. Wire.Number(3, 2)]) : [],
        .. more.SelectMany(m => m),
    ];

    public static byte[] Log(string message, int severity = 9, int trace = 0, int span = 0, ulong atMs = 0, params byte[][] more) =>
    [
        .. Wire.Fixed(1, Epoch + (atMs * Millisecond)),
        .. Wire.Number(2, severity),
        .. Wire.Bytes(5, Wire.Text(1, message)),
        .. trace == 0 ? [] : Wire.Bytes(9, Convert.FromHexString(TraceId(trace))),
        .. span == 0 ? [] : Wire.Bytes(10, Convert.FromHexString(SpanId(span))),
        .. more.SelectMany(m => m),
    ];

    /// <summary>A counter that only rises, cumulative unless said otherwise; points are made with <see cref="Point"/>.</summary>
    public static byte[] Sum(string name, IEnumerable<byte[]> points, bool isMonotonic = true, bool isDelta = false) =>
        Metric(name, 7, [.. points.SelectMany(p => Wire.Bytes(1, p)), .. Wire.Number(2, isDelta ? 1 : 2), .. Wire.Number(3, isMonotonic ? 1 : 0)]);

    public static byte[] Gauge(string name, IEnumerable<byte[]> points) => Metric(name, 5, [.. points.SelectMany(p => Wire.Bytes(1, p))]);

    /// <param name="kind">5 gauge, 7 sum, 9 histogram, 10 exponential histogram, 11 summary.</param>
    public static byte[] Metric(string name, int kind, byte[] data) => [.. Wire.Text(1, name), .. Wire.Text(2, "What it counts."), .. Wire.Text(3, "s"), .. Wire.Bytes(kind, data)];

    public static byte[] Point(ulong at, double value, params byte[][] more) => [.. Wire.Fixed(3, at), .. Wire.Double(4, value), .. more.SelectMany(m => m)];

    /// <summary>A histogram of cumulative points.</summary>
    public static byte[] Histogram(string name, params byte[][] points) => Metric(name, 9, [.. points.SelectMany(p => Wire.Bytes(1, p)), .. Wire.Number(2, 2)]);

    public static byte[] HistogramPoint(ulong at, double sum, double[] bounds, ulong[] counts, params byte[][] more) =>
    [
        .. Wire.Fixed(3, at),
        .. Wire.Fixed(4, (ulong)counts.Sum(c => (long)c)),
        .. Wire.Double(5, sum),
        .. Wire.PackedCounts(6, counts),
        .. Wire.Packed(7, bounds),
        .. more.SelectMany(m => m),
    ];

    public static byte[] Attribute(int field, string key, string value) => Attribute(field, key, Wire.Text(1, value));

    public static byte[] Attribute(int field, string key, long value) => Attribute(field, key, Wire.Number(3, value));

    public static byte[] Attribute(int field, string key, double value) => Attribute(field, key, Wire.Double(4, value));

    public static byte[] Attribute(int field, string key, byte[] anyValue) => Wire.Bytes(field, [.. Wire.Text(1, key), .. Wire.Bytes(2, anyValue)]);

    public static string TraceId(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    public static string SpanId(int number) => number.ToString("x16", CultureInfo.InvariantCulture);
}
