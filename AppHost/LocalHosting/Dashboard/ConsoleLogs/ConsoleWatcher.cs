using System.Globalization;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.ConsoleLogs;

/// <summary>Takes down what resources write from the first line on, and sends it to the pages that look at it, a few times a second.</summary>
internal sealed partial class ConsoleWatcher(
    ResourceLoggerService loggers,
    ResourceNotificationService notifications,
    ConsoleStore store,
    DashboardEvents events,
    TimeProvider timeProvider,
    ILogger<ConsoleWatcher> logger) : BackgroundService
{
    private const int MaxLinesInEvent = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    // Holds one word: there are lines that were not sent yet.
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        loggers.LineWritten += Take;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        loggers.LineWritten -= Take;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sent = 0L;
        await foreach (var _ in _added.Reader.ReadAllAsync(stoppingToken))
        {
            var lines = store.Read(null, sent, int.MaxValue).Lines;
            Publish(lines);
            sent = lines is [.., var last] ? last.N : sent;
            await Task.Delay(Interval, timeProvider, stoppingToken);
        }
    }

    private void Publish(IReadOnlyList<ConsoleLine> lines)
    {
        try
        {
            foreach (var ofResource in lines.GroupBy(l => l.Resource))
            {
                foreach (var part in ofResource.Chunk(MaxLinesInEvent))
                {
                    events.Publish(DashboardEvents.Console(ofResource.Key), "console", new ConsoleEvent(ofResource.Key, part));
                }
            }
        }
        catch (Exception exception)
        {
            // Lines that cannot be sent must not end the host; a page finds them when it is loaded again.
            LogNotPublished(exception);
        }
    }

    private void Take(string instanceId, LogLine line)
    {
        var resource = notifications.FindResource?.Invoke(instanceId)?.Name ?? instanceId;

        // 2026-11-28T17:02:11.1234567Z text
        var space = line.Content.IndexOf(' ', StringComparison.Ordinal);
        var time = DateTimeOffset.Parse(line.Content.AsSpan(0, space), CultureInfo.InvariantCulture);

        // What the host itself writes into a resource's log, an exception say, may have several lines.
        foreach (var text in line.Content[(space + 1)..].Split('\n'))
        {
            store.Add(resource, instanceId, time, text.TrimEnd('\r'), line.IsErrorMessage);
        }

        _added.Writer.TryWrite(true);
    }

    [LoggerMessage(LogLevel.Error, "Console lines could not be sent to the dashboard's pages.")]
    private partial void LogNotPublished(Exception exception);
}
