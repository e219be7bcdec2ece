using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes;

/// <summary>Starts, watches and stops the processes of the app model and tells everybody their states.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    ResourceConfigurator configurator,
    LocalServerStarter servers,
    EndpointAllocator endpoints,
    ReplicaForwarders forwarders,
    ProcessGuard guard,
    DataFolders folders,
    IConfiguration configuration,
    TimeProvider timeProvider,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    ILogger<Orchestrator> logger) : IDisposable
{
    // Aspire's name for it.
    private const string ProcessId = "executable.pid";
    private static readonly TimeSpan CommandGrace = TimeSpan.FromSeconds(3);
    private Dictionary<IResource, List<ResourceInstance>> _instances = [];
    private readonly ConcurrentBag<Task> _starts = [];
    private bool _isStopping;

    public IEnumerable<ResourceInstance> Instances => _instances.Values.SelectMany(i => i);

    /// <summary>Names, ports and initial states of everything; what can be known to be impossible fails here, before anything runs.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // All at once: the dashboard may look already.
        _instances = model.Resources.ToDictionary(
            resource => resource,
            resource => Enumerable.Range(0, Math.Max(1, resource.GetReplicaCount())).Select(_ => new ResourceInstance(resource, ResourceNames.NewInstanceSuffix())).ToList());

        notifications.FindResource = name => model.Resources.TryGetByName(name, out var found) ? found : Instances.FirstOrDefault(i => i.Id == name)?.Resource;
        notifications.InstancesOf = InstanceIds;
        loggers.InstancesOf = InstanceIds;

        ConfiguredServers.Use(model, configuration);
        foreach (var resource in model.Resources.Where(LocalServers.IsStarted))
        {
            servers.FindProgram(resource, resource.Annotations.OfType<LocalServerAnnotation>().Last());
        }

        if (model.Resources.Any(r => LocalServers.IsStarted(r) && r.HasAnnotationOfType<DataVolumeAnnotation>()))
        {
            folders.Lock();
        }

        foreach (var (resource, instances) in _instances)
        {
            endpoints.Allocate(resource, instances);
            if (instances.Count > 1)
            {
                forwarders.Add(resource, instances);
            }

            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);
            foreach (var instance in instances)
            {
                await PublishAsync(instance, s => s with
                {
                    CreationTimeStamp = Now,
                    State = resource.HasAnnotationOfType<ExplicitStartupAnnotation>() ? KnownResourceStates.NotStarted : KnownResourceStates.Starting,
                    Urls = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(e => new UrlSnapshot(e.Name, e.AllocatedEndpoint!.UriString, false))],
                    HealthReports = HealthKeys.NotChecked(resource),
                    Relationships = [.. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct()],
                });
            }
        }
    }

    public void StartAll(CancellationToken cancellationToken)
    {
        foreach (var instance in Instances.Where(i => !i.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>()))
        {
            _starts.Add(Task.Run(() => StartAsync(instance, cancellationToken), CancellationToken.None));
        }
    }

    /// <summary>Starts one instance once what it waits for is there. Never throws: a failure is the state FailedToStart and a line in its log.</summary>
    public async Task StartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        // Whoever holds the gate is ended by a stop, so this wait needs no way out of its own.
        await instance.Gate.WaitAsync(CancellationToken.None);
        try
        {
            if (instance.Process is { Exited.IsCompleted: false } || _isStopping)
            {
                return;
            }

            instance.Starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await StartCoreAsync(instance, instance.Starting.Token);
        }
        catch (OperationCanceledException) when (instance.Starting.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await EndAsync(instance, KnownResourceStates.EndOf(instance.Resource), null);
        }
        catch (Exception exception)
        {
            LogStartFailed(exception, instance.Id, loggers.LastLines(instance.Id));
            loggers.Write(instance.Id, $"Failed to start: {exception.Message}", isError: true);
            await EndAsync(instance, exception is MissingParameterValueException && instance.Resource is ParameterResource ? KnownResourceStates.ValueMissing : KnownResourceStates.FailedToStart, null);
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    public async Task StopAsync(ResourceInstance instance, TimeSpan grace)
    {
        await instance.Starting.CancelAsync();
        await instance.Gate.WaitAsync(CancellationToken.None);
        try
        {
            if (instance.Process is { Exited.IsCompleted: false } process)
            {
                await PublishAsync(instance, s => s with { State = new ResourceStateSnapshot(KnownResourceStates.Stopping, KnownResourceStateStyles.Info) });
                await process.StopAsync(grace);
            }

            await instance.Ended;
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    public Task StopAsync(ResourceInstance instance) => StopAsync(instance, CommandGrace);

    /// <summary>Dependents first, then what they stood on, each level together; what has not ended within its share of the time is killed.</summary>
    public async Task StopAllAsync(TimeSpan limit)
    {
        _isStopping = true;
        var deadline = timeProvider.GetTimestamp();
        await Task.WhenAll(Instances.Where(i => i.Process is null).Select(instance => StopAsync(instance, TimeSpan.Zero)));
        var levels = StopOrder.Levels([.. _instances.Where(i => i.Value.Exists(instance => instance.Process is not null)).Select(i => i.Key)]);
        for (var i = 0; i < levels.Count; i++)
        {
            var left = limit - timeProvider.GetElapsedTime(deadline);
            var grace = left > TimeSpan.Zero ? left / (levels.Count - i) : TimeSpan.Zero;
            await Task.WhenAll(levels[i].SelectMany(r => _instances[r]).Select(instance => StopAsync(instance, grace)));
        }

        await Task.WhenAll(_starts);
        await forwarders.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var instance in Instances)
        {
            instance.Process?.Dispose();
            instance.Dispose();
        }
    }

    public IReadOnlyList<ResourceInstance> Find(string nameOrId) =>
        model.Resources.TryGetByName(nameOrId, out var resource) ? _instances.GetValueOrDefault(resource, []) : [.. Instances.Where(i => string.Equals(i.Id, nameOrId, StringComparison.OrdinalIgnoreCase))];

    private DateTime Now => timeProvider.GetUtcNow().UtcDateTime;

    private IReadOnlyList<string> InstanceIds(string name) =>
        model.Resources.TryGetByName(name, out var resource) && _instances.TryGetValue(resource, out var instances) ? [.. instances.Select(i => i.Id)] : [name];

    private async Task StartCoreAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var resource = instance.Resource;
        if (resource is IResourceWithConnectionString)
        {
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        }

        switch (resource)
        {
            case ParameterResource parameter:
                await ShowParameterAsync(instance, parameter, cancellationToken);
                return;
            case IResourceWithParent { Parent: var parent } when LocalServers.IsStarted(parent) && !resource.HasAnnotationOfType<ConfiguredConnectionAnnotation>():
                return;
            case not (ProjectResource or ExecutableResource) when !LocalServers.IsStarted(resource):
                await PublishAsync(instance, s => s with { State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success), StartTimeStamp = Now });
                return;
        }

        await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken);
        await DependencyWaiter.WaitAsync(notifications, resource, instance.Id, cancellationToken);
        await PublishAsync(instance, s => s with { State = new ResourceStateSnapshot(KnownResourceStates.Starting, KnownResourceStateStyles.Info), ExitCode = null, StopTimeStamp = null });

        var spec = await (resource.TryGetLastAnnotation<LocalServerAnnotation>(out var server)
            ? servers.SpecAsync(instance, server, cancellationToken)
            : configurator.SpecAsync(instance, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        instance.Process?.Dispose();
        var process = ManagedProcess.Start(spec, guard, (line, isError) => loggers.Write(instance.Id, line, isError), timeProvider);
        instance.Process = process;
        LogStarted(instance.Id, process.Id);
        await PublishAsync(instance, s => s with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = Now,
            Ready = null,
            HealthReports = HealthKeys.NotChecked(resource),
            EnvironmentVariables = [.. spec.Environment.Select(e => new EnvironmentVariableSnapshot(e.Key, e.Value, true))],
            Properties = [.. s.Properties.Where(p => p.Name is not (ProcessId or "resource.source")),
                new ResourcePropertySnapshot(CustomResourceKnownProperties.Source, spec.FileName), new ResourcePropertySnapshot(ProcessId, process.Id)],
        });
        instance.Ended = WatchEndAsync(instance, process);
    }

    private async Task WatchEndAsync(ResourceInstance instance, ManagedProcess process)
    {
        var exitCode = await process.Exited;
        if (process.WasStopped || exitCode == 0)
        {
            LogEnded(instance.Id, exitCode);
        }
        else
        {
            LogDied(instance.Id, exitCode, loggers.LastLines(instance.Id));
        }

        await EndAsync(instance, KnownResourceStates.EndOf(instance.Resource), exitCode);
    }

    private async Task EndAsync(ResourceInstance instance, string state, int? exitCode)
    {
        await PublishAsync(instance, s => s with
        {
            State = new ResourceStateSnapshot(state, exitCode is 0 or null && state != KnownResourceStates.FailedToStart ? KnownResourceStateStyles.Info : KnownResourceStateStyles.Error),
            ExitCode = exitCode,
            StopTimeStamp = Now,
            Ready = null,
        });
        if (notifications.TryGetCurrentState(instance.Id, out var resourceEvent))
        {
            await eventing.PublishAsync(new ResourceStoppedEvent(instance.Resource, services, resourceEvent), CancellationToken.None);
        }
    }

    private async Task ShowParameterAsync(ResourceInstance instance, ParameterResource parameter, CancellationToken cancellationToken)
    {
        var value = await parameter.GetValueAsync(cancellationToken);
        await PublishAsync(instance, s => s with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            Properties = [new ResourcePropertySnapshot("Value", value) { IsSensitive = parameter.Secret }],
        });
    }

    private async Task PublishAsync(ResourceInstance instance, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        await notifications.PublishUpdateAsync(instance.Resource, instance.Id, change);
        if (!notifications.TryGetCurrentState(instance.Id, out var now))
        {
            return;
        }

        // A database is in the state of its server, from the same moment on.
        foreach (var child in model.Resources.Where(r => (r as IResourceWithParent)?.Parent == instance.Resource && !r.HasAnnotationOfType<ConfiguredConnectionAnnotation>()))
        {
            await notifications.PublishUpdateAsync(child, s => s.State?.Text == now.Snapshot.State?.Text ? s : s with
            {
                State = now.Snapshot.State,
                StartTimeStamp = now.Snapshot.StartTimeStamp,
                StopTimeStamp = now.Snapshot.StopTimeStamp,
                ExitCode = now.Snapshot.ExitCode,
                Ready = null,
                HealthReports = HealthKeys.NotChecked(child),
            });
        }
    }

    [LoggerMessage(LogLevel.Debug, "Started {ResourceId} as process {ProcessId}.")]
    private partial void LogStarted(string resourceId, int processId);

    [LoggerMessage(LogLevel.Debug, "{ResourceId} ended with exit code {ExitCode}.")]
    private partial void LogEnded(string resourceId, int exitCode);

    [LoggerMessage(LogLevel.Error, "{ResourceId} ended by itself with exit code {ExitCode}.{LastLines}")]
    private partial void LogDied(string resourceId, int exitCode, string lastLines);

    [LoggerMessage(LogLevel.Error, "{ResourceId} failed to start.{LastLines}")]
    private partial void LogStartFailed(Exception exception, string resourceId, string lastLines);
}
