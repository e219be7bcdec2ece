using Microsoft.Extensions.Hosting;

namespace AiPlatform.ServiceDefaults.Hosting;

/// <summary>
/// A background service that has to end something when it is stopped: its <see cref="BackgroundService.ExecuteAsync"/> runs in any case. That of
/// a plain <see cref="BackgroundService"/> never begins when the stop comes before the pool had a thread for it.
/// </summary>
public abstract class FinishingService : BackgroundService
{
    // Never disposed: it has no timer, and the host may be told to stop again after it was.
    private CancellationTokenSource? _stopping;
    private Task? _executing;

    public override Task? ExecuteTask => _executing;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _executing = Task.Run(() => ExecuteAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping is not null)
        {
            await _stopping.CancelAsync();
            await _executing!.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
