using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>
/// Renews the leases of this replica's runs, takes them again when Redis forgot them, and finds what no notice told: cancel requests,
/// runs that were taken over, logs that are gone.
/// </summary>
internal sealed partial class RunKeeper(
    ActiveRuns runs, RedisLeases leases, SessionNotices notices, IOptions<RunLogOptions> options, TimeProvider timeProvider, ILogger<RunKeeper> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Renewal, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Parallel.ForEachAsync(
                runs.All.Where(run => run.EndedAt is null),
                new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stoppingToken },
                KeepAsync);
            await notices.SubscribeMissingAsync();
        }
    }

    private async ValueTask KeepAsync(ActiveRun run, CancellationToken cancellationToken)
    {
        try
        {
            switch (await run.Output.RenewAsync(cancellationToken))
            {
                case RunRenewal.Lost when runs.TryGet(run.Accepted.RunId, out _):
                    run.Stop(StopReason.LeaseLost);
                    return;
                case RunRenewal.CancelAsked:
                    run.Stop(StopReason.Cancelled);
                    break;
            }

            foreach (var lease in run.Leases.Values)
            {
                await KeepAsync(run, lease, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, a cancelled call of somebody else included: the other runs need their leases, and this one the next round.
            LogNotRenewed(exception, run.Accepted.RunId);
        }
    }

    // A run that still waits for the lease keeps its turn in the queue by this: taking asks for no more than that.
    private async Task KeepAsync(ActiveRun run, Lease lease, CancellationToken cancellationToken)
    {
        if (await leases.RenewAsync(lease, cancellationToken))
        {
            return;
        }

        await leases.TryTakeAsync(lease, cancellationToken);
        if (run.EndedAt is not null)
        {
            // Given back while it was being taken.
            await leases.GiveBackAsync(lease);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The lease of run {RunId} was not renewed this time.")]
    private partial void LogNotRenewed(Exception exception, Guid runId);
}
