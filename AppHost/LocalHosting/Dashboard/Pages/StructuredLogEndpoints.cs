using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Pages;

internal static class StructuredLogEndpoints
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 2_000;

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var runs = host.GetRequiredService<TelemetryRuns>();
        app.MapGet("/api/structuredlogs", async ([AsParameters] Filters filters, CancellationToken cancellationToken) =>
        {
            var level = LogLevel.Trace;
            if (filters.Level is not null && !BadQuery.IsLevel(filters.Level, out level))
            {
                return BadQuery.Of("level", BadQuery.Levels);
            }

            return await runs.FindAsync(filters.Run, cancellationToken) is { } store ? Results.Ok(Page(store.Logs, filters, level)) : BadQuery.NoRun();
        });
    }

    // The newest that match, newest last; before an id for those further back.
    private static PageOf<LogItem> Page(LogStore logs, Filters filters, LogLevel level)
    {
        var limit = Math.Clamp(filters.Limit ?? DefaultLimit, 1, MaxLimit);
        var before = filters.Before ?? long.MaxValue;
        var search = TextSearch.For(filters.Text);
        var (traceId, spanId) = (TraceId.Parse(filters.TraceId) ?? default, SpanId.Parse(filters.SpanId) ?? 0);
        var (page, earlier, total) = (new List<StoredLog>(limit), 0, 0);
        foreach (var log in Enumerable.Reverse(logs.After(0)))
        {
            if (!log.Resource.IsCalled(filters.Resource)
                || LogText.Level(log.Severity) < level
                || (filters.TraceId is not null && (log.TraceId.IsNone || log.TraceId != traceId))
                || (filters.SpanId is not null && (log.SpanId == 0 || log.SpanId != spanId))
                || (search is not null && !search.Matches(log)))
            {
                continue;
            }

            total++;
            if (log.Id < before)
            {
                if (page.Count < limit)
                {
                    page.Add(log);
                }
                else
                {
                    earlier++;
                }
            }
        }

        page.Reverse();
        return new([.. page.Select(LogItem.Of)], earlier > 0, total);
    }

    private sealed record Filters(string? Resource, string? Level, string? Text, string? TraceId, string? SpanId, long? Before, int? Limit, string? Run);
}
