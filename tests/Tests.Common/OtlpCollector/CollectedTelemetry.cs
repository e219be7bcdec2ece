using System.Diagnostics;

namespace AiPlatform.Tests.Common;

/// <summary>Who sent it: resource and instrumentation scope.</summary>
public sealed record CollectedSource(string ServiceName, string Scope, IReadOnlyDictionary<string, object?> Resource);

public sealed record CollectedSpan(
    CollectedSource Source,
    string TraceId,
    string SpanId,
    string? ParentSpanId,
    string Name,
    ActivityKind Kind,
    DateTimeOffset Start,
    DateTimeOffset End,
    ActivityStatusCode Status,
    IReadOnlyDictionary<string, object?> Attributes,
    IReadOnlyList<CollectedSpanEvent> Events,
    IReadOnlyList<CollectedSpanLink> Links)
{
    public string ServiceName => Source.ServiceName;

    public string Scope => Source.Scope;
}

public sealed record CollectedSpanEvent(string Name, IReadOnlyDictionary<string, object?> Attributes);

public sealed record CollectedSpanLink(string TraceId, string SpanId);

public sealed record CollectedLog(
    CollectedSource Source,
    DateTimeOffset Time,
    int SeverityNumber,
    string SeverityText,
    string Body,
    string? TraceId,
    string? SpanId,
    IReadOnlyDictionary<string, object?> Attributes)
{
    public string ServiceName => Source.ServiceName;
}

/// <summary>One data point. A histogram's value is its sum; count is 1 for plain numbers.</summary>
public sealed record CollectedMetric(
    CollectedSource Source, string Name, string Unit, double Value, ulong Count, IReadOnlyDictionary<string, object?> Attributes)
{
    public string ServiceName => Source.ServiceName;
}
