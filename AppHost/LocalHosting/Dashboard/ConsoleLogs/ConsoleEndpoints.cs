using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.History;
using Aspire.Hosting.Dashboard.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard.ConsoleLogs;

/// <summary>What resources wrote to their consoles: pages of lines, and all of them as a file.</summary>
internal static partial class ConsoleEndpoints
{
    public const int DefaultLimit = 2_000;
    public const int MaxLimit = 20_000;

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var current = host.GetRequiredService<ConsoleStore>();
        var history = host.GetRequiredService<RunHistory>();
        var model = host.GetRequiredService<DistributedApplicationModel>();
        var timeProvider = host.GetRequiredService<TimeProvider>();
        var api = app.MapGroup("/api/consolelogs");
        api.AddEndpointFilter((context, next) => IsUnknown(context.HttpContext.Request, history, model)
            ? new(Results.Problem($"There is no resource '{context.HttpContext.Request.Query["resource"]}'.", statusCode: StatusCodes.Status404NotFound))
            : next(context));
        api.MapGet("", async (string? resource, long? after, int? limit, string? run, CancellationToken cancellationToken) =>
            await StoreOfAsync(run, current, history, cancellationToken) is { } store
                ? Results.Ok(store.Read(Named(resource), after, Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit)))
                : BadQuery.NoRun());
        api.MapGet("/download", async (string? resource, string? run, HttpContext context) =>
        {
            if (await StoreOfAsync(run, current, history, context.RequestAborted) is not { } store)
            {
                return BadQuery.NoRun();
            }

            await DownloadAsync(store, Named(resource), timeProvider.GetUtcNow(), context);
            return Results.Empty;
        });
    }

    // An earlier run may have had other resources.
    private static bool IsUnknown(HttpRequest request, RunHistory history, DistributedApplicationModel model) =>
        request.Query["resource"].ToString() is { Length: > 0 } name
        && (request.Query["run"].ToString() is not { Length: > 0 } run || run == history.CurrentId)
        && !model.Resources.TryGetByName(name, out _);

    private static async ValueTask<ConsoleStore?> StoreOfAsync(string? run, ConsoleStore current, RunHistory history, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(run) || run == history.CurrentId ? current : (await history.FindAsync(run, cancellationToken))?.Console;

    private static string? Named(string? resource) => string.IsNullOrEmpty(resource) ? null : resource;

    private static async Task DownloadAsync(ConsoleStore store, string? resource, DateTimeOffset now, HttpContext context)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{resource ?? "all"}-{now.UtcDateTime:yyyyMMdd-HHmmss}.log");
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename={name}";
        foreach (var line in store.Read(resource, null, int.MaxValue).Lines)
        {
            var time = DateTimeOffset.UnixEpoch.AddMilliseconds(line.Time).UtcDateTime;
            var text = string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Instance} {(line.IsError ? "err" : "out")} {Escapes().Replace(line.Text, "")}\n");
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }

    // ESC [ 32 m and other commands to a terminal, which a file is not.
    [GeneratedRegex("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)|\x1b[@-_]")]
    private static partial Regex Escapes();
}
