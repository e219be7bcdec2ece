using System.Text.Json.Nodes;
using Aspire.Hosting.Dashboard.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>The query API for tests and tools, in the shape of Aspire's: OTLP JSON out.</summary>
internal static class TelemetryEndpoints
{
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 10_000;

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var store = host.GetRequiredService<TelemetryStore>();
        var stopping = app.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var api = app.MapGroup("/api/telemetry");

        api.MapGet("/spans", ([AsParameters] Filters filters) => filters.Answer(
            query => Answer([.. store.Spans.After(0).Where(query.Takes)], filters, OtlpJson.Of),
            query => new FollowResult<StoredSpan>(store.Spans.After, store.Spans.Arrived, query.Takes, OtlpJson.Of, filters.Count, stopping)));
        api.MapGet("/logs", ([AsParameters] Filters filters) => filters.Answer(
            query => Answer([.. store.Logs.After(0).Where(query.Takes)], filters, OtlpJson.Of),
            query => new FollowResult<StoredLog>(store.Logs.After, store.Logs.Arrived, query.Takes, OtlpJson.Of, filters.Count, stopping)));
        api.MapGet("/traces/{id}", (string id) => TraceId.Parse(id) is { } traceId && store.Spans.Find(traceId) is { } trace
            ? Answer(trace.Spans, new Filters(), OtlpJson.Of)
            : Results.Problem("There is no such trace.", statusCode: StatusCodes.Status404NotFound));
        api.MapGet("/resources", () => Results.Ok(store.Resources()));
        api.MapDelete("", (string? signal, string? resource) => Clear(store, signal, resource));
    }

    // {"data":{"resourceSpans":[...]},"totalCount":n,"returnedCount":n}
    private static IResult Answer<T>(List<T> items, Filters filters, Func<IEnumerable<T>, JsonObject> toJson)
    {
        var newest = items.TakeLast(filters.Count).ToList();
        return Results.Ok(new JsonObject { ["data"] = toJson(newest), ["totalCount"] = items.Count, ["returnedCount"] = newest.Count });
    }

    private static IResult Clear(TelemetryStore store, string? signal, string? resource)
    {
        if (signal is not (null or "traces" or "logs" or "metrics"))
        {
            return BadQuery.Of("signal", "traces, logs or metrics");
        }

        store.Clear(signal is null ? null : Enum.Parse<Signal>(signal, ignoreCase: true), resource);
        return Results.NoContent();
    }

    private sealed record Filters(string? Resource = null, string? TraceId = null, bool? HasError = null, string? Severity = null, string? Search = null, int? Limit = null, bool Follow = false)
    {
        public int Count => Math.Clamp(Limit ?? DefaultLimit, 1, MaxLimit);

        public IResult Answer(Func<TelemetryQuery, IResult> once, Func<TelemetryQuery, IResult> follow)
        {
            var level = default(LogLevel);
            if (Severity is not null && !BadQuery.IsLevel(Severity, out level))
            {
                return BadQuery.Of("severity", BadQuery.Levels);
            }

            // An id that is none matches nothing, as an unknown one does.
            TraceId? traceId = TraceId is null ? null : Telemetry.TraceId.Parse(TraceId) ?? default(TraceId);
            var query = new TelemetryQuery(Resource, traceId, HasError, Severity is null ? null : level, TextSearch.For(Search));
            return Follow ? follow(query) : once(query);
        }
    }
}
