using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>
/// Looks after runs whose log was not closed and that nobody answers for: each gets its last frame and its record an end. Any replica
/// does it; the fence and the record let only one.
/// </summary>
internal sealed partial class RunSweeper(
    IRunStore store, RunCompletion completion, ActiveRuns activeRuns, RedisClient redis, IOptions<Events.RunLogOptions> options, TimeProvider timeProvider,
    ILogger<RunSweeper> logger)
    : BackgroundService
{
    private const int Page = 200;

    private long? _reachedSince;
    private Dictionary<Guid, long> _missingSince = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Renewal, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (RedisUnavailableException)
            {
                _reachedSince = null;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogSweepFailed(exception);
            }
        }
    }

    // After an outage of Redis the runs of living replicas look dead, until those have had the time to renew their leases.
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await redis.RunAsync("PING", database => database.PingAsync(), cancellationToken);
        _reachedSince ??= timeProvider.GetTimestamp();
        if (timeProvider.GetElapsedTime(_reachedSince.Value) < options.Value.Lease)
        {
            return;
        }

        // A run gets its lease before its record; the margin covers clocks that differ.
        var before = timeProvider.GetUtcNow() - options.Value.Lease;
        var missing = new Dictionary<Guid, long>();
        RunRecord? last = null;
        while (await store.ListUnclosedAsync(before, last, Page, cancellationToken) is { Count: > 0 } runs)
        {
            foreach (var run in runs.Where(run => !activeRuns.TryGet(run.Id, out _)))
            {
                await SweepAsync(run, missing, cancellationToken);
            }

            last = runs[^1];
        }

        _missingSince = missing;
    }

    private async Task SweepAsync(RunRecord run, Dictionary<Guid, long> missing, CancellationToken cancellationToken)
    {
        try
        {
            // A log that was just lost is written again by the run's replica, if there is one, at its next renewal.
            var missingSince = _missingSince.GetValueOrDefault(run.Id, timeProvider.GetTimestamp());
            var isGone = timeProvider.GetElapsedTime(missingSince) >= options.Value.Lease;
            switch (await completion.CompleteAsync(run, isGone, cancellationToken))
            {
                case CompletionResult.Completed:
                    LogEnded(run.Id);
                    break;
                case CompletionResult.Missing:
                    missing[run.Id] = missingSince;
                    break;
            }
        }
        catch (Exception exception) when (exception is not RedisUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            // One run that cannot be ended must not keep the others from it.
            LogNotEnded(exception, run.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} had lost its replica and was ended.")]
    private partial void LogEnded(Guid runId);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} could not be ended this time.")]
    private partial void LogNotEnded(Exception exception, Guid runId);

    [LoggerMessage(LogLevel.Warning, "Looking for runs of dead replicas failed this time.")]
    private partial void LogSweepFailed(Exception exception);
}
