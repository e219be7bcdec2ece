using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Hosting;
using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Brings degraded logs back into Redis: of runs that go on, and for a bounded time of runs that ended meanwhile.</summary>
internal sealed partial class RunRecovery(
    ActiveRuns runs, RunClosing closing, RedisClient redis, IOptions<RunLogOptions> options, TimeProvider timeProvider, ILogger<RunRecovery> logger)
    : FinishingService
{
    private const int MostEnded = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private IEnumerable<ActiveRun> Ended => runs.All.Where(run => run.EndedAt is not null).OrderBy(run => run.EndedAt);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new SemaphoreSlim(0);
        void OnReconnected() => wake.Release();
        redis.Reconnected += OnReconnected;
        try
        {
            while (true)
            {
                await wake.WaitAsync(Pause, stoppingToken);
                await RecoverAsync();
                await LetGoAsync(BeyondRoom().Concat(Ended.Where(run => run.EndedAt < timeProvider.GetUtcNow() - options.Value.Retention)));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Once more for those that are left; MySQL has their result.
        }
        finally
        {
            redis.Reconnected -= OnReconnected;
        }

        await RecoverAsync();
        await LetGoAsync(Ended);
    }

    private async Task RecoverAsync()
    {
        // The smallest first, so that one too large for a slow server keeps no other from it.
        foreach (var run in runs.All.Where(run => run.Output.State == LogState.Degraded).OrderBy(run => run.Output.UnstoredBytes).ToList())
        {
            try
            {
                await run.Output.RecoverAsync();
                if (run is { Output.State: not LogState.Degraded, EndedAt: not null })
                {
                    await closing.CloseAsync(run);
                }
            }
            catch (RedisUnavailableException)
            {
                // Away for this one is away for all of them.
                return;
            }
            catch (Exception exception)
            {
                LogNotRecovered(exception, run.Accepted.RunId);
            }
        }
    }

    // The newest stay.
    private IEnumerable<ActiveRun> BeyondRoom()
    {
        var (runs, bytes) = (0, 0L);
        return Ended.Reverse().Where(run => ++runs > MostEnded | (bytes += run.Output.UnstoredBytes) > options.Value.WaitingMegabytes * 1024L * 1024);
    }

    private async Task LetGoAsync(IEnumerable<ActiveRun> ended)
    {
        foreach (var run in ended.ToList())
        {
            LogLetGo(run.Accepted.RunId);
            await closing.CloseAsync(run);
        }
    }

    [LoggerMessage(LogLevel.Error, "The log of run {RunId} could not be brought back this time.")]
    private partial void LogNotRecovered(Exception exception, Guid runId);

    [LoggerMessage(LogLevel.Warning, "The log of run {RunId} is given up: Redis did not come back in time. Its result is stored.")]
    private partial void LogLetGo(Guid runId);
}
