using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Resources;

/// <summary>Sends the whole list to open pages when anything in it changed, at most ten times a second.</summary>
internal sealed partial class ResourceWatcher(
    ResourceNotificationService notifications, ResourceList list, DashboardEvents events, TimeProvider timeProvider, ILogger<ResourceWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Holds one word: something changed since the last list.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), PublishAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in notifications.WatchAsync(stoppingToken))
        {
            _changed.Writer.TryWrite(true);
        }
    }

    private async Task PublishAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _changed.Reader.ReadAllAsync(stoppingToken))
        {
            Publish();
            await Task.Delay(Interval, timeProvider, stoppingToken);
        }
    }

    private void Publish()
    {
        try
        {
            if (events.IsHeard(DashboardEvents.Resources))
            {
                events.Publish(DashboardEvents.Resources, "resources", list.All());
            }
        }
        catch (Exception exception)
        {
            // A list that cannot be shown must not end the host that runs what is in it; the next change is another try.
            LogNotPublished(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "The list of resources could not be sent to the dashboard's pages.")]
    private partial void LogNotPublished(Exception exception);
}
