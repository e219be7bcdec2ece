using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>
/// What is there, then what comes, one OTLP JSON object a line, until the reader goes or the run ends. A reader that is slower than
/// what comes misses what has gone from memory meanwhile, and holds up nobody.
/// </summary>
internal sealed class FollowResult<T>(
    Func<long, List<T>> after, ArrivalSignal arrived, Func<T, bool> takes, Func<IEnumerable<T>, JsonObject> toJson, int limit, CancellationToken stopping) : IResult
    where T : StoredItem
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        httpContext.Response.ContentType = "application/x-ndjson";
        try
        {
            var next = arrived.NextAsync();
            var items = after(0);
            var last = items.Count > 0 ? items[^1].Id : 0;
            await WriteAsync(httpContext.Response, items.Where(takes).TakeLast(limit), end.Token);
            while (true)
            {
                await next.WaitAsync(end.Token);
                next = arrived.NextAsync();
                items = after(last);
                last = items.Count > 0 ? items[^1].Id : last;
                await WriteAsync(httpContext.Response, items.Where(takes), end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader is gone, or the run ends.
        }
    }

    private async Task WriteAsync(HttpResponse response, IEnumerable<T> items, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            await response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(toJson([item])), (byte)'\n'], cancellationToken);
        }

        await response.Body.FlushAsync(cancellationToken);
    }
}
