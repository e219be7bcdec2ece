using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Renews the leases of this replica's runs, and finds the cancel requests whose notice was lost.</summary>
internal sealed partial class RunKeeper(
    ActiveRuns runs, RunLog log, RedisLeases leases, IOptions<RunLogOptions> options, TimeProvider timeProvider, ILogger<RunKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Renewal, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Parallel.ForEachAsync(runs.All, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stoppingToken }, RenewAsync);
        }
    }

    private async ValueTask RenewAsync(ActiveRun run, CancellationToken cancellationToken)
    {
        try
        {
            switch (await log.RenewAsync(run.Accepted.Key, run.Fence, runs.Replica, cancellationToken))
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
                await leases.RenewAsync(lease, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotRenewed(exception, run.Accepted.RunId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The lease of run {RunId} was not renewed this time.")]
    private partial void LogNotRenewed(Exception exception, Guid runId);
}
