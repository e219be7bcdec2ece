using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>One process of a resource; a resource with replicas has several.</summary>
internal sealed class ResourceInstance(IResource resource, string suffix) : IDisposable
{
    private readonly Dictionary<string, int> _targetPorts = new(StringComparer.OrdinalIgnoreCase);

    public IResource Resource { get; } = resource;

    public string Suffix { get; } = suffix;

    public string Id { get; } = $"{resource.Name}-{suffix}";

    /// <summary>Start, stop and restart of one instance never overlap.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public ManagedProcess? Process { get; set; }

    /// <summary>Cancelled by a stop, so that an instance which still waits for something gives up.</summary>
    public CancellationTokenSource Starting { get; set; } = new();

    /// <summary>Completes when the running process has ended and its end was told.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    public void SetTargetPort(string endpointName, int port) => _targetPorts[endpointName] = port;

    public int TargetPort(string endpointName) => _targetPorts[endpointName];

    public void Dispose()
    {
        Gate.Dispose();
        Starting.Dispose();
    }
}

/// <summary>A value that differs between the replicas of a resource.</summary>
internal sealed record InstanceValue(Func<ResourceInstance, string> Get);
