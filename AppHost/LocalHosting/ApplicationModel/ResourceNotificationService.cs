using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of every instance of every resource, and the waits on it.</summary>
public partial class ResourceNotificationService(
    ILogger<ResourceNotificationService> logger,
    IHostApplicationLifetime hostApplicationLifetime,
    IServiceProvider serviceProvider,
    ResourceLoggerService resourceLoggerService) : IDisposable
{
    private const int MaxUnreadEvents = 10_000;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ChannelWriter<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposing = new();

    /// <summary>Set by the host once the model is complete, so that a wait for an unknown name fails at once.</summary>
    internal Func<string, IResource?>? FindResource { get; set; }

    internal Func<string, IReadOnlyList<string>> InstancesOf { get; set; } = name => [name];

    internal WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;

    /// <summary>How long a wait may take when its caller gave no limit; set in test hosts so that no test hangs.</summary>
    internal TimeSpan WaitLimit { get; set; } = Timeout.InfiniteTimeSpan;

    internal IServiceProvider Services { get; } = serviceProvider;

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in InstancesOf(resource.Name))
        {
            Publish(resource, id, stateFactory);
        }

        return Task.CompletedTask;
    }

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        Publish(resource, resourceId, stateFactory);
        return Task.CompletedTask;
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        if (_states.TryGetValue(resourceId, out resourceEvent))
        {
            return true;
        }

        var instances = InstancesOf(resourceId);
        return instances.Count == 1 && _states.TryGetValue(instances[0], out resourceEvent);
    }

    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The newest state is what a watcher needs, so a slow one loses the oldest events.
        var channel = Channel.CreateBounded<ResourceEvent>(new BoundedChannelOptions(MaxUnreadEvents) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            foreach (var state in _states.Values)
            {
                channel.Writer.TryWrite(state);
            }

            _watchers.Add(channel.Writer);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            await foreach (var resourceEvent in channel.Reader.ReadAllAsync(stop.Token))
            {
                yield return resourceEvent;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel.Writer);
            }
        }
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitAsync(
            resourceName, $"to be {string.Join(" or ", states)}", e => e.Snapshot.State?.Text is { } text && states.Contains(text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    public Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default) =>
        WaitAsync(resourceName, "to meet a condition", predicate, cancellationToken);

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable && FindResource is not null && FindResource(resourceName) is null)
        {
            throw new DistributedApplicationException($"Resource '{resourceName}' was not found.");
        }

        // The event that decides is one where every replica is healthy or, when unavailability stops the wait, one where any is gone.
        var decided = await WaitAsync(
            resourceName,
            "to become healthy",
            e => All(resourceName, s => s.HealthStatus == HealthStatus.Healthy && s.Ready is not null)
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(e.Snapshot)),
            cancellationToken);
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(decided.Snapshot))
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start. {Describe(resourceName)}");
        }

        foreach (var state in States(resourceName))
        {
            await BoundAsync(
                resourceName, "to have its ready event handled", stop => (state.Snapshot.Ready ?? Task.CompletedTask).WaitAsync(stop), cancellationToken);
        }

        return decided;
    }

    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        await DependencyWaiter.WaitAsync(this, resource, resource.Name, cancellationToken);

    public void Dispose()
    {
        _disposing.Cancel();
        _disposing.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static bool IsUnavailable(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } text
        && (KnownResourceStates.TerminalStates.Contains(text) || text == KnownResourceStates.RuntimeUnhealthy);

    internal bool All(string resourceName, Func<CustomResourceSnapshot, bool> predicate)
    {
        var states = States(resourceName);
        return states.Count > 0 && states.Count == InstancesOf(resourceName).Count && states.All(s => predicate(s.Snapshot));
    }

    /// <summary>The running instances and since when; none while another replica is still on its way.</summary>
    internal IReadOnlyList<(string Id, DateTime? Started)> StartTimes(string resourceName)
    {
        var states = States(resourceName);
        return states.TrueForAll(s => s.Snapshot.State?.Text == KnownResourceStates.Running || IsUnavailable(s.Snapshot))
            ? [.. states.Where(s => s.Snapshot.State?.Text == KnownResourceStates.Running).Select(s => (s.ResourceId, s.Snapshot.StartTimeStamp))]
            : [];
    }

    internal string Describe(string resourceName)
    {
        var states = States(resourceName).Select(s =>
            $"{s.ResourceId} is {s.Snapshot.State?.Text ?? "unknown"}"
            + (s.Snapshot.ExitCode is { } code ? $" with exit code {code}" : "")
            + Reasons(s));
        return states.Any() ? string.Join(", ", states) + "." + resourceLoggerService.LastLines(resourceName) : "Nothing is known of it.";
    }

    /// <summary>The failed checks of a resource and why they failed.</summary>
    internal string Unhealthy(string resourceName) => string.Concat(States(resourceName).Select(Reasons).Distinct());

    /// <summary>Waits for a state of one resource; whoever waits in vain is told for what, and what the resource did instead.</summary>
    internal async Task<ResourceEvent> WaitAsync(string resourceName, string goal, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken)
    {
        ResourceEvent? reached = null;
        await BoundAsync(resourceName, goal, FindAsync, cancellationToken);
        return reached!;

        async Task FindAsync(CancellationToken stop)
        {
            await foreach (var resourceEvent in WatchAsync(stop))
            {
                if (IsNamed(resourceEvent, resourceName) && predicate(resourceEvent))
                {
                    reached = resourceEvent;
                    return;
                }
            }
        }
    }

    private static string Reasons(ResourceEvent state) => string.Concat(state.Snapshot.HealthReports
        .Where(r => r.Status != HealthStatus.Healthy)
        .Select(r => $" ({r.Name}: {r.Description ?? r.ExceptionText ?? "not checked yet"})"));

    private async Task BoundAsync(string resourceName, string goal, Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(WaitLimit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, hostApplicationLifetime.ApplicationStopping);
        try
        {
            await wait(stop.Token);
        }
        catch (OperationCanceledException exception) when (stop.IsCancellationRequested)
        {
            var isLate = limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
            var message = $"{(isLate ? $"Waited {WaitLimit.TotalSeconds:0.#} s" : "Stopped waiting")} for resource '{resourceName}' {goal}. {Describe(resourceName)}";
            throw isLate ? new TimeoutException(message, exception) : new OperationCanceledException(message, exception, stop.Token);
        }
    }

    private List<ResourceEvent> States(string resourceName) =>
        [.. InstancesOf(resourceName).Select(id => _states.GetValueOrDefault(id)).OfType<ResourceEvent>()];

    private static bool IsNamed(ResourceEvent resourceEvent, string name) =>
        string.Equals(resourceEvent.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(resourceEvent.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private void Publish(IResource resource, string id, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_gate)
        {
            var before = _states.GetValueOrDefault(id)?.Snapshot ?? new CustomResourceSnapshot { ResourceType = TypeName(resource), Properties = [] };
            var after = change(before);
            var resourceEvent = new ResourceEvent(resource, id, after);
            _states[id] = resourceEvent;
            foreach (var watcher in _watchers)
            {
                watcher.TryWrite(resourceEvent);
            }

            if (before.State?.Text != after.State?.Text)
            {
                LogStateChanged(id, before.State?.Text ?? "(none)", after.State?.Text ?? "(none)");
            }
        }
    }

    private static string TypeName(IResource resource)
    {
        const string Suffix = "Resource";
        var name = resource.GetType().Name;
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    [LoggerMessage(LogLevel.Debug, "Resource {ResourceId} changed state: {PreviousState} -> {State}.")]
    private partial void LogStateChanged(string resourceId, string previousState, string state);
}
