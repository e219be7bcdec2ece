using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Processes;

/// <summary>Finds a server's program on this machine and has its start prepared.</summary>
internal sealed class LocalServerStarter(ProcessGuard guard, DataFolders folders, ResourceLoggerService loggers, IConfiguration configuration, TimeProvider timeProvider)
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(60);

    public string FindProgram(IResource resource, LocalServerAnnotation server) => Programs.FindServer(resource, server, configuration["LocalHosting:ServerPath"]);

    public Task<ProcessSpec> SpecAsync(ResourceInstance instance, LocalServerAnnotation server, CancellationToken cancellationToken) =>
        server.PrepareAsync(new LocalServerContext(
            FindProgram(instance.Resource, server), instance, folders, spec => RunAsync(instance, spec, cancellationToken), cancellationToken));

    // A step before the server itself, under the same guard and in the same log.
    private async Task<int> RunAsync(ResourceInstance instance, ProcessSpec spec, CancellationToken cancellationToken)
    {
        using var process = ManagedProcess.Start(spec, guard, (line, isError) => loggers.Write(instance.Id, line, isError), timeProvider);
        try
        {
            return await process.Exited.WaitAsync(StepLimit, timeProvider, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new DistributedApplicationException($"'{spec.FileName}', which prepares resource '{instance.Resource.Name}', did not end within {StepLimit.TotalSeconds} s.", exception);
        }
        finally
        {
            await process.StopAsync(TimeSpan.Zero);
        }
    }
}
