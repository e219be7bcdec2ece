using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>A log record as the pages show it.</summary>
/// <param name="Attributes">Key and text, in the order they were sent; an exception's stand in <paramref name="Exception"/>.</param>
internal sealed record LogItem(
    long Id, double Time, string Resource, string? Instance, string Level, string Message, string Category, string? EventName,
    string? TraceId, string? SpanId, string[][] Attributes, string? Exception)
{
    public static LogItem Of(StoredLog log)
    {
        var attributes = OtlpAttributes.Of(log.Body, StoredLog.Attributes);
        var exception = LogText.Exception(attributes);
        attributes.RemoveAll(a => a.Key.StartsWith("exception.", StringComparison.Ordinal));
        return new(
            log.Id, PageTime.Of(log.Time), log.Resource.Name, log.Resource.Instance, LogText.Level(log.Severity).ToString(), LogText.Message(log), log.Scope.Name, LogText.EventName(log),
            log.TraceId.IsNone ? null : log.TraceId.ToString(), log.SpanId == 0 ? null : Telemetry.SpanId.Text(log.SpanId), attributes.ToPairs(), exception);
    }
}

/// <param name="Total">How many match, on this page and others.</param>
internal sealed record PageOf<T>(IReadOnlyList<T> Items, bool HasMore, int Total);
