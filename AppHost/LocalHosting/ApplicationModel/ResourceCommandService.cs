using Aspire.Hosting.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>start, stop and restart, for people and for tests.</summary>
public class ResourceCommandService
{
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services)
    {
        _services = services;
    }

    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var orchestrator = _services.GetRequiredService<Orchestrator>();
        var instances = orchestrator.Find(resourceId);
        if (instances.Count == 0)
        {
            return new() { Success = false, Message = $"Resource '{resourceId}' not found." };
        }

        // Names of before 9.4 are understood as well: resource-start.
        Func<ResourceInstance, Task>? command = commandName.Replace("resource-", "", StringComparison.Ordinal) switch
        {
            "start" => instance => orchestrator.StartAsync(instance, CancellationToken.None),
            "stop" => orchestrator.StopAsync,
            "restart" => async instance =>
            {
                await orchestrator.StopAsync(instance);
                await orchestrator.StartAsync(instance, CancellationToken.None);
            }
            ,
            _ => null,
        };
        if (command is null || !instances.All(i => HasCommands(i.Resource)))
        {
            return new() { Success = false, Message = $"Command '{commandName}' not available for resource '{resourceId}'." };
        }

        await Task.WhenAll(instances.Select(command)).WaitAsync(cancellationToken);
        var failed = instances.Where(i => commandName.EndsWith("start", StringComparison.Ordinal) && i.Process is null or { Exited.IsCompleted: true }).Select(i => i.Id).ToList();
        return failed.Count == 0 || !commandName.EndsWith("start", StringComparison.Ordinal)
            ? new() { Success = true }
            : new() { Success = false, Message = $"Did not start: {string.Join(", ", failed)}." };
    }

    /// <summary>Whether the resource is a process of ours, which can be started and stopped.</summary>
    internal static bool HasCommands(IResource resource) =>
        resource is ProjectResource or ExecutableResource
        || LocalServers.IsStarted(resource);
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public string? Message { get; init; }
}
