using System.Diagnostics;

namespace AiPlatform.Tests.Common;

/// <summary>Reads OTLP export requests. The numbers are the fields of opentelemetry-proto 1.x.</summary>
internal static class OtlpReader
{
    // Export...Request and Resource... have the same outer shape for all three signals:
    // request { 1: resource_xs { 1: resource { 1: attributes }, 2: scope_xs { 1: scope { 1: name }, 2: items } } }
    private static IEnumerable<(CollectedSource Source, ProtobufMessage Item)> Items(byte[] request) =>
        from resourceItems in ProtobufMessage.Parse(request).Messages(1)
        let resource = resourceItems.Message(1) is { } message ? Attributes(message, 1) : new Dictionary<string, object?>()
        from scopeItems in resourceItems.Messages(2)
        let source = new CollectedSource(
            resource.GetValueOrDefault("service.name") as string ?? "", scopeItems.Message(1)?.Text(1) ?? "", resource)
        from item in scopeItems.Messages(2)
        select (source, item);

    public static IEnumerable<CollectedSpan> Spans(byte[] request) => Items(request).Select(pair => Span(pair.Source, pair.Item));

    public static IEnumerable<CollectedLog> Logs(byte[] request) => Items(request).Select(pair => Log(pair.Source, pair.Item));

    public static IEnumerable<CollectedMetric> Metrics(byte[] request) => Items(request).SelectMany(pair => Metric(pair.Source, pair.Item));

    private static CollectedSpan Span(CollectedSource source, ProtobufMessage span) => new(
        source,
        span.Hex(1),
        span.Hex(2),
        NullIfEmpty(span.Hex(4)),
        span.Text(5),
        span.Number(6) switch
        {
            2 => ActivityKind.Server,
            3 => ActivityKind.Client,
            4 => ActivityKind.Producer,
            5 => ActivityKind.Consumer,
            _ => ActivityKind.Internal,
        },
        Time(span.Number(7)),
        Time(span.Number(8)),
        (ActivityStatusCode)(span.Message(15)?.Number(3) ?? 0),
        Attributes(span, 9),
        [.. span.Messages(11).Select(message => new CollectedSpanEvent(message.Text(2), Attributes(message, 3)))],
        [.. span.Messages(13).Select(message => new CollectedSpanLink(message.Hex(1), message.Hex(2)))]);

    private static CollectedLog Log(CollectedSource source, ProtobufMessage log) => new(
        source,
        Time(log.Number(1)),
        (int)log.Number(2),
        log.Text(3),
        (log.Message(5) is { } body ? Value(body) : null)?.ToString() ?? "",
        NullIfEmpty(log.Hex(9)),
        NullIfEmpty(log.Hex(10)),
        Attributes(log, 6));

    private static IEnumerable<CollectedMetric> Metric(CollectedSource source, ProtobufMessage metric)
    {
        var numbers = metric.Messages(5).Concat(metric.Messages(7)).SelectMany(data => data.Messages(1))
            .Select(point => (Value: point.Has(6) ? (long)point.Number(6) : point.Double(4), Count: 1UL, Attributes: Attributes(point, 7)));
        var histograms = (metric.Message(9)?.Messages(1) ?? [])
            .Select(point => (Value: point.Double(5), Count: point.Number(4), Attributes: Attributes(point, 9)));
        var exponentials = (metric.Message(10)?.Messages(1) ?? [])
            .Select(point => (Value: point.Double(5), Count: point.Number(4), Attributes: Attributes(point, 1)));
        return numbers.Concat(histograms).Concat(exponentials)
            .Select(point => new CollectedMetric(source, metric.Text(1), metric.Text(3), point.Value, point.Count, point.Attributes));
    }

    private static Dictionary<string, object?> Attributes(ProtobufMessage owner, int number)
    {
        var attributes = new Dictionary<string, object?>();
        foreach (var pair in owner.Messages(number))
        {
            attributes[pair.Text(1)] = pair.Message(2) is { } value ? Value(value) : null;
        }

        return attributes;
    }

    // AnyValue { 1: string, 2: bool, 3: int, 4: double, 5: array { 1: values }, 6: kvlist { 1: pairs }, 7: bytes }
    private static object? Value(ProtobufMessage value) => value switch
    {
        _ when value.Has(1) => value.Text(1),
        _ when value.Has(2) => value.Number(2) != 0,
        _ when value.Has(3) => (long)value.Number(3),
        _ when value.Has(4) => value.Double(4),
        _ when value.Message(5) is { } array => array.Messages(1).Select(Value).ToArray(),
        _ when value.Message(6) is { } pairs => Attributes(pairs, 1),
        _ when value.Has(7) => value.Hex(7),
        _ => null,
    };

    private static DateTimeOffset Time(ulong unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
