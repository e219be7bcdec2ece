using Aspire.Hosting.Dashboard.Events;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>Tells open pages of new logs and changed traces, a few times a second and together, and of metrics once a second.</summary>
internal sealed partial class TelemetryFeed(TelemetryStore store, DashboardEvents events, TimeProvider timeProvider, ILogger<TelemetryFeed> logger) : BackgroundService
{
    // What a page can make use of at once; of more it hears that it lost some, and asks anew.
    private const int MaxLogs = 500;
    private const int MaxTraces = 200;
    private const int MetricsEvery = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private long _lastLog;
    private long _metrics;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            try
            {
                Tell(withMetrics: tick % MetricsEvery == 0);
            }
            catch (Exception exception)
            {
                // What cannot be shown must not end the host; a page finds it when it is loaded again.
                LogNotTold(exception);
            }
        }
    }

    private void Tell(bool withMetrics)
    {
        TellLogs();
        TellTraces();
        if (withMetrics)
        {
            TellMetrics();
        }
    }

    private void TellLogs()
    {
        // Read before it is asked who listens: what comes in between is for a page that has just come.
        var last = store.Logs.LastId;
        if (!events.IsHeard(DashboardEvents.Logs))
        {
            _lastLog = last;
            return;
        }

        var logs = store.Logs.After(_lastLog);
        if (logs.Count > 0)
        {
            _lastLog = logs[^1].Id;
            events.PublishLagged(DashboardEvents.Logs, logs.Count - MaxLogs);
            events.Publish(DashboardEvents.Logs, "logs", logs.TakeLast(MaxLogs).Select(LogItem.Of));
        }
    }

    private void TellTraces()
    {
        var traces = store.Spans.TakeChanged(() => events.IsHeard(DashboardEvents.Traces));
        if (traces.Count > 0)
        {
            events.PublishLagged(DashboardEvents.Traces, traces.Count - MaxTraces);
            events.Publish(DashboardEvents.Traces, "traces", traces.OrderByDescending(t => t.Start).Take(MaxTraces).Select(TraceItem.Of));
        }
    }

    private void TellMetrics()
    {
        var version = store.Metrics.Version;
        if (version != _metrics)
        {
            _metrics = version;
            events.Publish(DashboardEvents.Metrics, "metrics", new { });
        }
    }

    [LoggerMessage(LogLevel.Error, "New telemetry could not be told to the dashboard's pages.")]
    private partial void LogNotTold(Exception exception);
}
