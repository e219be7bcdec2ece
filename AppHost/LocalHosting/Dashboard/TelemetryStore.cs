using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Aspire.Hosting.Dashboard;

internal enum Signal
{
    Traces,
    Logs,
    Metrics,
}

/// <summary>One span, log record or metric as it arrived; it is read only when somebody asks for it.</summary>
internal sealed record TelemetryItem(string ResourceName, string? TraceId, ByteString Resource, ByteString Scope, ByteString Body);

/// <summary>The newest telemetry of every resource, in memory, bounded as the dashboard's is.</summary>
internal sealed class TelemetryStore
{
    public const int MaxLogs = 10_000;
    public const int MaxSpans = 10_000;
    public const int MaxPoints = 50_000;
    public const int MaxResources = 200;

    private const int SpanTraceId = 1;
    private const int LogTraceId = 9;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceTelemetry> _resources = new(StringComparer.OrdinalIgnoreCase);

    // Requests of the three signals have the same frame: repeated 1 = per resource {1 = resource, repeated 2 = per scope {1 = scope, repeated 2 = item}}.
    public void Add(Signal signal, ByteString request)
    {
        foreach (var ofResource in OtlpMessage.Parts(request, 1))
        {
            var resource = OtlpMessage.Parts(ofResource, 1).FirstOrDefault() ?? ByteString.Empty;
            var attributes = Attributes(OtlpMessage.Resource.ToJson(resource));
            var name = attributes.GetValueOrDefault("service.name") ?? "unknown_service";
            foreach (var ofScope in OtlpMessage.Parts(ofResource, 2))
            {
                var scope = OtlpMessage.Parts(ofScope, 1).FirstOrDefault() ?? ByteString.Empty;
                foreach (var body in OtlpMessage.Parts(ofScope, 2))
                {
                    Add(signal, new TelemetryItem(name, TraceId(signal, body), resource, scope, body), attributes.GetValueOrDefault("service.instance.id"));
                }
            }
        }
    }

    public JsonObject Query(Signal signal, string? traceId, string? resource, int limit)
    {
        List<TelemetryItem> items;
        lock (_gate)
        {
            items = [.. _resources.Values
                .Where(r => resource is null || string.Equals(r.Name, resource, StringComparison.OrdinalIgnoreCase))
                .SelectMany(r => r.Of(signal))
                .Where(i => traceId is null || string.Equals(i.TraceId, traceId, StringComparison.OrdinalIgnoreCase))
                .TakeLast(limit)];
        }

        var (list, scopes, entries, message) = signal == Signal.Traces
            ? ("resourceSpans", "scopeSpans", "spans", OtlpMessage.Span)
            : ("resourceLogs", "scopeLogs", "logRecords", OtlpMessage.LogRecord);
        var groups = items.GroupBy(i => i.Resource).Select(byResource => new JsonObject
        {
            ["resource"] = OtlpMessage.Resource.ToJson(byResource.Key),
            [scopes] = new JsonArray([.. byResource.GroupBy(i => i.Scope).Select(byScope => new JsonObject
            {
                ["scope"] = OtlpMessage.Scope.ToJson(byScope.Key),
                [entries] = new JsonArray([.. byScope.Select(i => message.ToJson(i.Body))]),
            })]),
        });
        return new JsonObject { ["data"] = new JsonObject { [list] = new JsonArray([.. groups]) }, ["returnedCount"] = items.Count };
    }

    public JsonArray Resources()
    {
        lock (_gate)
        {
            return new JsonArray([.. _resources.Values.Select(r => new JsonObject
            {
                ["name"] = r.Name,
                ["instanceIds"] = new JsonArray([.. r.InstanceIds.Select(id => JsonValue.Create(id))]),
                ["spans"] = r.Of(Signal.Traces).Count,
                ["logs"] = r.Of(Signal.Logs).Count,
                ["metricPoints"] = r.Points,
            })]);
        }
    }

    private static string? TraceId(Signal signal, ByteString body)
    {
        if (signal == Signal.Metrics)
        {
            return null;
        }

        var id = OtlpMessage.Parts(body, signal == Signal.Traces ? SpanTraceId : LogTraceId).FirstOrDefault();
        return id is null ? null : Convert.ToHexStringLower(id.Span);
    }

    private static Dictionary<string, string> Attributes(JsonObject resource)
    {
        var values = new Dictionary<string, string>();
        foreach (var attribute in resource["attributes"] as JsonArray ?? [])
        {
            if (attribute?["key"]?.GetValue<string>() is { } key && attribute["value"]?["stringValue"]?.GetValue<string>() is { } value)
            {
                values[key] = value;
            }
        }

        return values;
    }

    private void Add(Signal signal, TelemetryItem item, string? instanceId)
    {
        lock (_gate)
        {
            if (!_resources.TryGetValue(item.ResourceName, out var resource))
            {
                if (_resources.Count >= MaxResources)
                {
                    return;
                }

                resource = _resources[item.ResourceName] = new ResourceTelemetry(item.ResourceName);
            }

            resource.Add(signal, item, instanceId);
        }
    }

    private sealed class ResourceTelemetry(string name)
    {
        private const int MaxInstanceIds = 100;

        // Gauge, sum, histogram, exponential histogram and summary; the points are field 1 of each.
        private static readonly int[] PointFields = [5, 7, 9, 10, 11];
        private readonly Queue<TelemetryItem> _spans = new();
        private readonly Queue<TelemetryItem> _logs = new();
        private readonly Queue<(TelemetryItem Item, int Points)> _metrics = new();

        public string Name { get; } = name;

        public HashSet<string> InstanceIds { get; } = [];

        public int Points { get; private set; }

        public Queue<TelemetryItem> Of(Signal signal) => signal == Signal.Traces ? _spans : _logs;

        public void Add(Signal signal, TelemetryItem item, string? instanceId)
        {
            if (instanceId is not null && InstanceIds.Count < MaxInstanceIds)
            {
                InstanceIds.Add(instanceId);
            }

            switch (signal)
            {
                case Signal.Traces:
                    Enqueue(_spans, item, MaxSpans);
                    break;
                case Signal.Logs:
                    Enqueue(_logs, item, MaxLogs);
                    break;
                default:
                    AddMetric(item);
                    break;
            }
        }

        private static void Enqueue(Queue<TelemetryItem> queue, TelemetryItem item, int limit)
        {
            queue.Enqueue(item);
            if (queue.Count > limit)
            {
                queue.Dequeue();
            }
        }

        private void AddMetric(TelemetryItem item)
        {
            var points = PointFields.SelectMany(f => OtlpMessage.Parts(item.Body, f)).Sum(data => OtlpMessage.Parts(data, 1).Count);
            _metrics.Enqueue((item, points));
            Points += points;
            while (Points > MaxPoints && _metrics.TryDequeue(out var oldest))
            {
                Points -= oldest.Points;
            }
        }
    }
}
