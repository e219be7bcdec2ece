using System.Text.Json.Nodes;
using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>Spans and log records as OTLP JSON, grouped again by who sent them.</summary>
internal static class OtlpJson
{
    public static JsonObject Of(IEnumerable<StoredSpan> spans) => Of(spans, "resourceSpans", "scopeSpans", "spans", OtlpMessage.Span);

    public static JsonObject Of(IEnumerable<StoredLog> logs) => Of(logs, "resourceLogs", "scopeLogs", "logRecords", OtlpMessage.LogRecord);

    private static JsonObject Of(IEnumerable<StoredItem> items, string list, string scopes, string entries, OtlpMessage message)
    {
        var groups = items.GroupBy(i => i.Resource).Select(byResource => new JsonObject
        {
            ["resource"] = OtlpMessage.Resource.ToJson(byResource.Key.Bytes),
            [scopes] = new JsonArray([.. byResource.GroupBy(i => i.Scope).Select(byScope => new JsonObject
            {
                ["scope"] = OtlpMessage.Scope.ToJson(byScope.Key.Bytes),
                [entries] = new JsonArray([.. byScope.Select(i => message.ToJson(i.Body))]),
            })]),
        });
        return new JsonObject { [list] = new JsonArray([.. groups]) };
    }
}
