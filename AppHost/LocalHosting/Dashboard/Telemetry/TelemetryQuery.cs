using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>What a reader of the query API wants to see.</summary>
internal sealed record TelemetryQuery(string? Resource, TraceId? TraceId, bool? HasError, LogLevel? Severity, TextSearch? Search)
{
    public bool Takes(StoredSpan span) =>
        span.Resource.IsCalled(Resource)
        && (TraceId is null || span.TraceId == TraceId)
        && (HasError is null || span.IsError == HasError)
        && (Search is null || Search.Matches(span));

    public bool Takes(StoredLog log) =>
        log.Resource.IsCalled(Resource)
        && (TraceId is null || (!log.TraceId.IsNone && log.TraceId == TraceId))
        && (Severity is null || LogText.Level(log.Severity) >= Severity)
        && (Search is null || Search.Matches(log));
}
