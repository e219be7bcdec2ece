using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Health;

/// <summary>Checks running resources: quickly while they start, then seldom; tells when one is ready for the first time.</summary>
internal sealed partial class ResourceHealthService(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<ResourceHealthService> logger) : BackgroundService
{
    private static readonly TimeSpan StartingInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartingTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PatientTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, Monitor> _monitors = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var resourceEvent in notifications.WatchAsync(stoppingToken))
            {
                await FollowAsync(resourceEvent, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }

        foreach (var name in _monitors.Keys.ToList())
        {
            await EndAsync(name);
        }
    }

    private async Task FollowAsync(ResourceEvent resourceEvent, CancellationToken stoppingToken)
    {
        var name = resourceEvent.Resource.Name;

        // The processes that run now; another set than before, after a restart, has to become ready anew.
        var running = notifications.StartTimes(name);
        if (_monitors.TryGetValue(name, out var monitor) && !monitor.Running.SequenceEqual(running))
        {
            await EndAsync(name);
        }

        if (running.Count > 0 && !_monitors.ContainsKey(name))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var started = new Monitor(resourceEvent.Resource, running, stop);
            _monitors[name] = started;
            started.Loop = Task.Run(() => CheckAsync(started, stop.Token), CancellationToken.None);
        }
    }

    private async Task EndAsync(string name)
    {
        if (_monitors.Remove(name, out var monitor))
        {
            await monitor.Stop.CancelAsync();
            await monitor.Loop;
            monitor.Stop.Dispose();
        }
    }

    private async Task CheckAsync(Monitor monitor, CancellationToken cancellationToken)
    {
        var keys = HealthKeys.Of(monitor.Resource).ToHashSet();
        var started = timeProvider.GetTimestamp();
        var failures = 0;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var isHealthy = keys.Count == 0 || await TryReportAsync(monitor.Resource, keys, cancellationToken);
                if (isHealthy && !monitor.IsReady)
                {
                    await TellReadyAsync(monitor, cancellationToken);
                }

                if (keys.Count == 0)
                {
                    return;
                }

                failures = isHealthy ? 0 : failures + 1;
                if (!isHealthy && timeProvider.GetElapsedTime(started) > PatientTime)
                {
                    TellWhy(monitor);
                }

                await Task.Delay(Interval(isHealthy, failures, timeProvider.GetElapsedTime(started)), timeProvider, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The resource stopped running.
        }
    }

    private static TimeSpan Interval(bool isHealthy, int failures, TimeSpan age)
    {
        if (isHealthy)
        {
            return HealthyInterval;
        }

        return age < StartingTime ? StartingInterval : TimeSpan.FromSeconds(Math.Clamp(failures, 1, 5));
    }

    // A check that cannot even be run is a fault of the app model; the others go on, and this one is tried again.
    private async Task<bool> TryReportAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await ReportAsync(resource, keys, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogCheckFailed(exception, resource.Name);
            return false;
        }
    }

    private async Task<bool> ReportAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await healthChecks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken);
        var snapshots = keys.Select(key => report.Entries.TryGetValue(key, out var entry)
            ? new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.Message)
            : new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"No health check with the key '{key}' is registered.", null)).ToList();
        if (!notifications.All(resource.Name, s => s.HealthReports.SequenceEqual(snapshots)))
        {
            await notifications.PublishUpdateAsync(resource, s => s with { HealthReports = [.. snapshots] });
        }

        return snapshots.All(s => s.Status == HealthStatus.Healthy);
    }

    // Once for every reason: who runs the host must not wonder what it waits for.
    private void TellWhy(Monitor monitor)
    {
        var why = notifications.Unhealthy(monitor.Resource.Name);
        if (why != monitor.Told)
        {
            monitor.Told = why;
            LogUnhealthy(monitor.Resource.Name, why);
        }
    }

    // Waiters go on only when the handlers of the event have done their work.
    private async Task TellReadyAsync(Monitor monitor, CancellationToken cancellationToken)
    {
        var ready = eventing.PublishAsync(new ResourceReadyEvent(monitor.Resource, services), cancellationToken);
        monitor.IsReady = true;
        await notifications.PublishUpdateAsync(monitor.Resource, s => s.State?.Text == KnownResourceStates.Running ? s with { Ready = ready } : s);
        try
        {
            await ready.WaitAsync(cancellationToken);
            LogReady(monitor.Resource.Name);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogReadyFailed(exception, monitor.Resource.Name);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Resource} is ready.")]
    private partial void LogReady(string resource);

    [LoggerMessage(LogLevel.Warning, "{Resource} is not healthy:{Why}")]
    private partial void LogUnhealthy(string resource, string why);

    [LoggerMessage(LogLevel.Error, "The health of {Resource} could not be checked.")]
    private partial void LogCheckFailed(Exception exception, string resource);

    [LoggerMessage(LogLevel.Error, "A handler of the ready event of {Resource} failed.")]
    private partial void LogReadyFailed(Exception exception, string resource);

    private sealed class Monitor(IResource resource, IReadOnlyList<(string Id, DateTime? Started)> running, CancellationTokenSource stop)
    {
        public IResource Resource { get; } = resource;

        public IReadOnlyList<(string Id, DateTime? Started)> Running { get; } = running;

        public CancellationTokenSource Stop { get; } = stop;

        public Task Loop { get; set; } = Task.CompletedTask;

        public bool IsReady { get; set; }

        public string Told { get; set; } = "";
    }
}
