using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.Pages;

internal sealed record ReceiverItem(long Requests, long Rejected);

internal sealed record StatisticsItem(SignalStatistics Spans, SignalStatistics Logs, SignalStatistics MetricPoints, ReceiverItem Receiver);

/// <summary>How full memory is, and what had to go.</summary>
internal static class StatisticsEndpoints
{
    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var store = host.GetRequiredService<TelemetryStore>();
        app.MapGet("/api/stats", () => Results.Ok(
            new StatisticsItem(store.Spans.Statistics, store.Logs.Statistics, store.Metrics.Statistics, new(store.Receiver.Requests, store.Receiver.Rejected))));
    }
}
