using System.Collections.Concurrent;
using AiPlatform.ServiceDefaults.Hosting;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Executes runs: sessions in parallel, the runs of one session in turn, no user at the cost of others.</summary>
internal sealed partial class RunWorker(RunQueue queue, RunExecutor executor, IOptions<RunOptions> options, ILogger<RunWorker> logger) : FinishingService
{
    private const int EndedAtOnce = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var room = new SemaphoreSlim(options.Value.PerReplica);
        var lanes = new ConcurrentDictionary<RunQueue.Lane, Task>();
        try
        {
            await foreach (var lane in queue.ReadyAsync(stoppingToken))
            {
                await room.WaitAsync(stoppingToken);
                var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                lanes[lane] = work.Task;
                _ = WorkAsync(lane, stoppingToken).ContinueWith(
                    _ =>
                    {
                        // Out of the list before the lane can be handed out again.
                        lanes.TryRemove(lane, out var _);
                        queue.Done(lane);
                        room.Release();
                        work.SetResult();
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
        finally
        {
            // Each run ends itself, saying that it was interrupted; also those that never had their turn.
            await Task.WhenAll(lanes.Values);
            await Parallel.ForEachAsync(
                queue.Close(),
                new ParallelOptions { MaxDegreeOfParallelism = EndedAtOnce },
                async (waiting, _) =>
                {
                    foreach (var run in waiting)
                    {
                        await ExecuteAsync(run, stoppingToken);
                    }
                });
        }
    }

    private async Task WorkAsync(RunQueue.Lane lane, CancellationToken stoppingToken)
    {
        await Task.Yield();
        await ExecuteAsync(queue.Next(lane), stoppingToken);
    }

    private async Task ExecuteAsync(ActiveRun run, CancellationToken stoppingToken)
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

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be ended; the sweeper will.")]
    private partial void LogRunBroke(Exception exception, Guid runId);
}
