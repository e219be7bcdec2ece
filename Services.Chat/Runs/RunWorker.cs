using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Executes runs: sessions in parallel, the runs of one session in turn.</summary>
internal sealed partial class RunWorker(RunQueue queue, RunExecutor executor, IOptions<RunOptions> options, ILogger<RunWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var room = new SemaphoreSlim(options.Value.PerReplica);
        var lanes = new ConcurrentDictionary<RunQueue.Lane, Task>();
        try
        {
            await foreach (var lane in queue.ReadyAsync(stoppingToken))
            {
                await room.WaitAsync(stoppingToken);
                var work = WorkAsync(lane, stoppingToken);
                lanes[lane] = work;
                _ = work.ContinueWith(
                    _ =>
                    {
                        lanes.TryRemove(new(lane, work));
                        room.Release();
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
        finally
        {
            // Each run ends itself, saying that it was interrupted.
            await Task.WhenAll(lanes.Values);
        }
    }

    private async Task WorkAsync(RunQueue.Lane lane, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (queue.Next(lane) is { } run)
        {
            try
            {
                await executor.ExecuteAsync(run, stoppingToken);
            }
            catch (Exception exception)
            {
                LogRunBroke(exception, run.Accepted.RunId);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be ended; the sweeper will.")]
    private partial void LogRunBroke(Exception exception, Guid runId);
}
