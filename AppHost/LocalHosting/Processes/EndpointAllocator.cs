using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes;

/// <summary>
/// Gives every endpoint its port before the first environment is made, so that resources may refer to each other in any order.
/// One process listens on the public port itself; replicas listen on ports of their own behind a forwarder.
/// </summary>
internal sealed partial class EndpointAllocator(PortReservations ports, ILogger<EndpointAllocator> logger)
{
    public void Allocate(IResource resource, IReadOnlyList<ResourceInstance> instances)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (instances.Count > 1 && endpoint.TargetPort is not null)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' has several replicas, so its endpoint '{endpoint.Name}' cannot have a fixed target port.");
            }

            var port = PublicPort(resource, endpoint, instances.Count > 1);
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, port);
            foreach (var instance in instances)
            {
                instance.SetTargetPort(endpoint.Name, instances.Count == 1 ? port : ports.Take());
            }
        }
    }

    private int PublicPort(IResource resource, EndpointAnnotation endpoint, bool isForwarded)
    {
        var wished = endpoint.Port ?? (isForwarded || resource is ContainerResource ? null : endpoint.TargetPort);
        if (wished is not { } port)
        {
            return ports.Take();
        }

        if (ports.TryTake(port))
        {
            return port;
        }

        if (!endpoint.IsPortWished)
        {
            throw new DistributedApplicationException($"Port {port} of endpoint '{endpoint.Name}' of resource '{resource.Name}' is in use by another program.");
        }

        var free = ports.Take();
        LogPortTaken(port, resource.Name, free);
        return free;
    }

    [LoggerMessage(LogLevel.Warning, "Port {Port} of resource {Resource} is in use; it listens on {FreePort} instead.")]
    private partial void LogPortTaken(int port, string resource, int freePort);
}
