using Aspire.Hosting.Dashboard.Telemetry.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.Pages;

internal sealed record InstrumentItem(string Resource, string Meter, string Name, string Unit, string Description, string Kind, bool IsMonotonic, int Points);

internal static class MetricEndpoints
{
    private const int DefaultMinutes = 5;
    private const int MaxMinutes = 24 * 60;

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var runs = host.GetRequiredService<TelemetryRuns>();
        app.MapGet("/api/metrics", async (string? resource, string? run, CancellationToken cancellationToken) =>
            await runs.FindAsync(run, cancellationToken) is { } store ? Results.Ok(store.Metrics.Instruments(resource).Select(ToItem)) : BadQuery.NoRun());
        app.MapGet("/api/metrics/series", async (string? resource, string? meter, string? name, int? minutes, string? run, CancellationToken cancellationToken) =>
        {
            if (await runs.FindAsync(run, cancellationToken) is not { } store)
            {
                return BadQuery.NoRun();
            }

            var from = store.Now - TimeSpan.FromMinutes(Math.Clamp(minutes ?? DefaultMinutes, 1, MaxMinutes));
            var nanoseconds = (ulong)Math.Max(0, (from - DateTimeOffset.UnixEpoch).Ticks) * 100;
            return store.Metrics.Find(new(resource ?? "", meter ?? "", name ?? ""), nanoseconds) is { } found
                ? Results.Ok(SeriesPage.Of(found.Description, found.Series, found.Exemplars, nanoseconds))
                : Results.Problem("There is no such instrument.", statusCode: StatusCodes.Status404NotFound);
        });
    }

    private static InstrumentItem ToItem(InstrumentSummary instrument)
    {
        var (key, unit, description, kind, isMonotonic, _) = instrument.Description;
        return new(key.Resource, key.Meter, key.Name, unit, description, SeriesPage.KindOf(kind), isMonotonic, instrument.Points);
    }
}
