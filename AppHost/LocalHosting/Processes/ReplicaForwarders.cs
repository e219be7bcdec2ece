using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes;

/// <summary>A forwarder for every endpoint of a resource with replicas.</summary>
internal sealed class ReplicaForwarders(TimeProvider timeProvider, ILogger<ReplicaForwarder> logger) : IAsyncDisposable
{
    private readonly List<ReplicaForwarder> _forwarders = [];

    public void Add(IResource resource, IReadOnlyList<ResourceInstance> instances)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var port = endpoint.AllocatedEndpoint!.Port;
            try
            {
                _forwarders.Add(new(port, [.. instances.Select(i => new ReplicaTarget(i.TargetPort(endpoint.Name), () => i.Process is { IsEnding: false } process ? process.Exited : null))], timeProvider, logger));
            }
            catch (SocketException exception)
            {
                throw new DistributedApplicationException(
                    $"Port {port} of endpoint '{endpoint.Name}' of resource '{resource.Name}' cannot be listened on: {exception.Message}", exception);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_forwarders.Select(f => f.DisposeAsync().AsTask()));
        _forwarders.Clear();
    }
}
