using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiPlatform.ServiceDefaults.Tests.TestKit;

public sealed class OtlpCollectorTests
{
    private static readonly ResourceBuilder Resource = ResourceBuilder.CreateEmpty().AddService("kit", autoGenerateServiceInstanceId: false);

    [Fact]
    public async Task Receive_Spans_KeepsTheirTraceParentKindAndAttributes()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");
        using var source = new ActivitySource("OtlpCollectorTests.Spans");
        using var provider = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource).AddSource(source.Name)
            .AddOtlpExporter(options => Configure(options, collector, "traces")).Build();
        using (var parent = source.StartActivity("parent", ActivityKind.Server))
        {
            using var child = source.StartActivity("child", ActivityKind.Client);
            child!.SetTag("text", "höher").SetTag("number", 42).SetTag("ratio", 0.5).SetTag("flag", true).SetTag("many", new[] { "a", "b" });
            child.AddEvent(new ActivityEvent("retry"));
            child.SetStatus(ActivityStatusCode.Error);
        }

        Assert.True(provider.ForceFlush());
        var spans = await collector.WaitForSpansAsync(spans => spans.Count == 2);

        var (childSpan, parentSpan) = (spans.Single(span => span.Name == "child"), spans.Single(span => span.Name == "parent"));
        Assert.Equal((parentSpan.TraceId, parentSpan.SpanId), (childSpan.TraceId, childSpan.ParentSpanId));
        Assert.Null(parentSpan.ParentSpanId);
        Assert.Equal((ActivityKind.Client, ActivityStatusCode.Error), (childSpan.Kind, childSpan.Status));
        Assert.Equal(("kit", source.Name), (childSpan.ServiceName, childSpan.Scope));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["text"] = "höher",
                ["number"] = 42L,
                ["ratio"] = 0.5,
                ["flag"] = true,
                ["many"] = new object?[] { "a", "b" },
            },
            childSpan.Attributes);
        Assert.Equal("retry", Assert.Single(childSpan.Events).Name);
    }

    [Fact]
    public async Task Receive_Log_KeepsItsTextSeverityAndAttributes()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options => options
            .SetResourceBuilder(Resource).AddOtlpExporter(exporter => Configure(exporter, collector, "logs")))))
        {
            factory.CreateLogger("kit").LogWarning("Lost {Count} frames.", 3);
        }

        var log = Assert.Single(await collector.WaitForLogsAsync(logs => logs.Count > 0));
        Assert.Equal(("kit", "Warning", "Lost {Count} frames."), (log.ServiceName, log.SeverityText, log.Body));
        Assert.Equal(3L, log.Attributes["Count"]);
    }

    [Fact]
    public async Task Receive_Metrics_KeepsCountersAndHistograms()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");
        using var meter = new Meter("OtlpCollectorTests.Metrics");
        using var provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource).AddMeter(meter.Name)
            .AddOtlpExporter(options => Configure(options, collector, "metrics")).Build();
        meter.CreateCounter<long>("runs").Add(5, new KeyValuePair<string, object?>("status", "done"));
        var latency = meter.CreateHistogram<double>("latency", "s");
        latency.Record(0.5);
        latency.Record(1.5);

        Assert.True(provider.ForceFlush());
        var metrics = await collector.WaitForMetricsAsync(metrics => metrics.Count >= 2);

        var (runs, histogram) = (metrics.Single(metric => metric.Name == "runs"), metrics.Single(metric => metric.Name == "latency"));
        Assert.Equal((5, "done"), (runs.Value, runs.Attributes["status"]));
        Assert.Equal(("s", 2.0, 2UL), (histogram.Unit, histogram.Value, histogram.Count));
    }

    [Fact]
    public async Task Receive_WithoutKey_RefusesAndKeepsNothing()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");
        using var client = new HttpClient();

        var answer = await client.PostAsync(new Uri($"{collector.Url}/v1/traces"), new ByteArrayContent([]));

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal((1, 0), (collector.Refused, collector.Spans.Count));
    }

    private static void Configure(OtlpExporterOptions options, OtlpCollector collector, string signal)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri($"{collector.Url}/v1/{signal}");
        options.Headers = collector.Headers;
    }
}
