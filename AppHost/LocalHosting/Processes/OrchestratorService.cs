using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Processes;

/// <summary>Ties the resources' life to the host's.</summary>
internal sealed class OrchestratorService(
    Orchestrator orchestrator,
    ProcessGuard guard,
    DataFolders folders,
    PortReservations ports,
    ResourceNotificationService notifications,
    DistributedApplicationOptions options,
    DistributedApplicationModel model,
    IConfiguration configuration,
    IDistributedApplicationEventing eventing,
    IServiceProvider services) : IHostedService, IDisposable
{
    // Three seconds after a Ctrl-C no child may live; the rest is left to the last signals and the host's own end.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // With a dashboard somebody can restart what failed, so waiting goes on; a test wants to hear of it at once.
        notifications.DefaultWaitBehavior = options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable;
        if (options.IsTestHost)
        {
            notifications.WaitLimit = TestWaits.Limit(configuration);
        }

        try
        {
            await orchestrator.PrepareAsync(cancellationToken);
        }
        catch
        {
            ReleaseEverything();
            throw;
        }

        orchestrator.StartAll(_stopping.Token);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await orchestrator.StopAllAsync(StopLimit);
        ReleaseEverything();
    }

    public void Dispose()
    {
        ReleaseEverything();
        _stopping.Dispose();
    }

    private void ReleaseEverything()
    {
        try
        {
            // The guard ends at once when the run's folder is gone.
            folders.Dispose();
        }
        finally
        {
            guard.Dispose();
            ports.Dispose();
        }
    }
}
