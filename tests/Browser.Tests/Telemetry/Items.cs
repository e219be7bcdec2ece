using System.Security.Cryptography;

namespace AiPlatform.Browser.Tests.Telemetry;

internal static class Ids
{
    public static string Trace() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static string Span() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}

/// <summary>A span to send; milliseconds count from a moment that all spans of a test share.</summary>
internal sealed record SentSpan(string TraceId, string Name, double StartMs, double DurationMs)
{
    public string Id { get; init; } = Ids.Span();

    public string? ParentId { get; init; }

    public string? Error { get; init; }

    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];

    public IReadOnlyList<SentEvent> Events { get; init; } = [];

    public (string TraceId, string SpanId)? Link { get; init; }

    // Span: {1 = trace, 2 = span, 4 = parent, 5 = name, 6 = kind, 7 = start, 8 = end, 9 = attributes, 11 = events, 13 = links, 15 = {2 = message, 3 = code}}
    public byte[] ToProto(DateTimeOffset origin) => Proto.Message(
    [
        Proto.Id(1, TraceId),
        Proto.Id(2, Id),
        .. ParentId is null ? [] : (byte[][])[Proto.Id(4, ParentId)],
        Proto.Text(5, Name),
        Proto.Number(6, 2),
        Proto.Time(7, origin.AddMilliseconds(StartMs)),
        Proto.Time(8, origin.AddMilliseconds(StartMs + DurationMs)),
        .. Proto.Attributes(9, Attributes),
        .. Events.Select(sent => Proto.Bytes(11, sent.ToProto(origin))),
        .. Link is null ? [] : (byte[][])[Proto.Bytes(13, Proto.Message(Proto.Id(1, Link.Value.TraceId), Proto.Id(2, Link.Value.SpanId)))],
        .. Error is null ? [] : (byte[][])[Proto.Bytes(15, Proto.Message(Proto.Text(2, Error), Proto.Number(3, 2)))],
    ]);
}

internal sealed record SentEvent(string Name, double AtMs, params (string Name, string Value)[] Attributes)
{
    // Event: {1 = time, 2 = name, 3 = attributes}
    public byte[] ToProto(DateTimeOffset origin) => Proto.Message([Proto.Time(1, origin.AddMilliseconds(AtMs)), Proto.Text(2, Name), .. Proto.Attributes(3, Attributes)]);
}

internal sealed record SentLog(string Message, SentLevel Level = SentLevel.Information)
{
    public string? TraceId { get; init; }

    public string? SpanId { get; init; }

    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];

    // LogRecord: {1 = time, 2 = severity, 5 = {1 = text}, 6 = attributes, 9 = trace, 10 = span}
    public byte[] ToProto(DateTimeOffset time) => Proto.Message(
    [
        Proto.Time(1, time),
        Proto.Number(2, (int)Level),
        Proto.Bytes(5, Proto.Text(1, Message)),
        .. Proto.Attributes(6, Attributes),
        .. TraceId is null ? [] : (byte[][])[Proto.Id(9, TraceId)],
        .. SpanId is null ? [] : (byte[][])[Proto.Id(10, SpanId)],
    ]);
}

/// <summary>Severity numbers of OpenTelemetry.</summary>
internal enum SentLevel
{
    Debug = 5,
    Information = 9,
    Warning = 13,
    Error = 17,
}
