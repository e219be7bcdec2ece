using System.Globalization;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.Pages;

/// <param name="Truncated">There were more spans or logs than are shown.</param>
internal sealed record TraceDetail(string Id, double Start, double DurationMs, IReadOnlyList<SpanItem> Spans, IReadOnlyList<LogItem> Logs, bool Truncated);

internal static class TraceEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;
    private const int MaxSpans = 10_000;
    private const int MaxLogs = 2_000;

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var runs = host.GetRequiredService<TelemetryRuns>();
        app.MapGet("/api/traces", async ([AsParameters] Filters filters, CancellationToken cancellationToken) =>
        {
            var before = Place.First;
            if (filters.Before is not null && !Place.TryParse(filters.Before, out before))
            {
                return BadQuery.Of("before", "what 'next' of an earlier page said");
            }

            return await runs.FindAsync(filters.Run, cancellationToken) is { } store ? Results.Ok(Page(store.Spans, filters, before)) : BadQuery.NoRun();
        });
        app.MapGet("/api/traces/{id}", async (string id, string? run, CancellationToken cancellationToken) =>
        {
            if (await runs.FindAsync(run, cancellationToken) is not { } store)
            {
                return BadQuery.NoRun();
            }

            return TraceId.Parse(id) is { } traceId && store.Spans.Find(traceId) is { } trace
                ? Results.Ok(Detail(store, traceId, trace.Spans, trace.IsTruncated))
                : Results.Problem("There is no such trace.", statusCode: StatusCodes.Status404NotFound);
        });
    }

    private static TracePage Page(SpanStore spans, Filters filters, Place before)
    {
        var limit = Math.Clamp(filters.Limit ?? DefaultLimit, 1, MaxLimit);
        var search = TextSearch.For(filters.Text);
        var found = search is null ? null : spans.After(0).Where(search.Matches).Select(s => s.TraceId).ToHashSet();
        var matching = spans.Summaries().FindAll(t =>
            (filters.Errors is not true || t.Errors > 0)
            && t.DurationMs >= (filters.MinMs ?? 0)
            && (filters.Resource is null || t.Resources.Any(r => r.Name.Equals(filters.Resource, StringComparison.OrdinalIgnoreCase)))
            && (found is null || found.Contains(t.Id)));
        var further = matching.FindAll(t => Place.Of(t).CompareTo(before) < 0);
        further.Sort((a, b) => Place.Of(b).CompareTo(Place.Of(a)));
        var page = further.Take(limit).ToList();
        return new([.. page.Select(TraceItem.Of)], further.Count > page.Count, matching.Count, further.Count > page.Count ? Place.Of(page[^1]).ToString() : null);
    }

    private static TraceDetail Detail(TelemetryStore store, TraceId id, List<StoredSpan> spans, bool isTruncated)
    {
        var (start, end) = (spans.Min(s => s.Start), spans.Max(s => s.End));
        var logs = store.Logs.After(0).FindAll(l => l.TraceId == id);
        return new(
            id.ToString(), PageTime.Of(start), PageTime.Since(start, end),
            [.. SpanTree.InOrder(spans).Take(MaxSpans).Select(s => SpanItem.Of(s.Span, s.Depth, start))],
            [.. logs.Take(MaxLogs).Select(LogItem.Of)],
            isTruncated || spans.Count > MaxSpans || logs.Count > MaxLogs);
    }

    private sealed record Filters(string? Resource, string? Text, bool? Errors, double? MinMs, string? Before, int? Limit, string? Run);

    /// <param name="Next">What <c>before</c> says to get the next page; null on the last.</param>
    private sealed record TracePage(IReadOnlyList<TraceItem> Items, bool HasMore, int Total, string? Next);

    /// <summary>Where a trace stands in the list: by its start, and among those of the same moment by its id.</summary>
    private readonly record struct Place(ulong Start, ulong High, ulong Low) : IComparable<Place>
    {
        public static readonly Place First = new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

        public static Place Of(TraceSummary trace) => new(trace.Start, trace.Id.High, trace.Id.Low);

        public static bool TryParse(string text, out Place place)
        {
            place = default;
            if (text.Split('-') is [var start, var id] && ulong.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && TraceId.Parse(id) is { } traceId)
            {
                place = new(at, traceId.High, traceId.Low);
                return true;
            }

            return false;
        }

        public int CompareTo(Place other) =>
            Start != other.Start ? Start.CompareTo(other.Start) : High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}-{new TraceId(High, Low)}");
    }
}
