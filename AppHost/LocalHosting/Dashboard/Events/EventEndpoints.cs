using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard.Events;

/// <summary><c>GET /api/events?channels=logs,resources</c>: one connection of a page with all it listens to, as server-sent events.</summary>
internal static class EventEndpoints
{
    private const int MaxChannels = 100;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder app, IServiceProvider host)
    {
        var events = host.GetRequiredService<DashboardEvents>();
        var timeProvider = host.GetRequiredService<TimeProvider>();
        var stopping = app.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.MapGet("/api/events", async (HttpContext context, string? channels) =>
        {
            var names = (channels ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (names.Length is 0 or > MaxChannels)
            {
                return Results.Problem($"'channels' names 1 to {MaxChannels} channels, with commas between.", statusCode: StatusCodes.Status400BadRequest);
            }

            using var subscription = events.Subscribe(names);
            if (subscription is null)
            {
                return Results.Problem("Too many pages listen already.", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await WriteAsync(context.Response, subscription, timeProvider, end.Token);
            return Results.Empty;
        });
    }

    private static async Task WriteAsync(HttpResponse response, DashboardSubscription subscription, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        try
        {
            // The page knows by this that it missed nothing from here on.
            await response.WriteAsync(": listening\n\n", cancellationToken);
            while (true)
            {
                await response.Body.FlushAsync(cancellationToken);
                await WaitAsync(subscription, timeProvider, cancellationToken);
                var frames = subscription.Take();
                foreach (var frame in frames)
                {
                    await response.Body.WriteAsync(frame.Bytes, cancellationToken);
                }

                if (frames.Count == 0)
                {
                    await response.WriteAsync(": keep-alive\n\n", cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is closed, or the run ends.
        }
    }

    private static async Task WaitAsync(DashboardSubscription subscription, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            await subscription.ArrivedAsync().WaitAsync(KeepAlive, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing came: a comment keeps the connection alive.
        }
    }
}
