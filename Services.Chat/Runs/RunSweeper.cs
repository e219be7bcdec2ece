using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Ends runs whose replica died, honestly: failed, interrupted. Any replica does it; the fence and the record let only one.</summary>
internal sealed partial class RunSweeper(
    IRunStore store, RunLog log, RunFeeds feeds, ActiveRuns activeRuns, IOptions<RunLogOptions> options, TimeProvider timeProvider, ILogger<RunSweeper> logger)
    : BackgroundService
{
    private const int Batch = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Renewal, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogSweepFailed(exception);
            }
        }
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        // A run gets its lease before its record; the margin covers clocks that differ.
        foreach (var run in await store.ListOpenAsync(timeProvider.GetUtcNow() - options.Value.Lease, Batch, cancellationToken))
        {
            if (!activeRuns.TryGet(run.Id, out _))
            {
                await SweepAsync(run, cancellationToken);
            }
        }
    }

    private async Task SweepAsync(RunRecord run, CancellationToken cancellationToken)
    {
        var key = new RunKey(run.PracticeId, run.Id);
        var fence = await log.TakeOverAsync(key, activeRuns.Replica, cancellationToken);
        var head = fence > 0 ? await log.FindAsync(key, cancellationToken) : null;
        if (head is not null)
        {
            await EndInLogAsync(run, key, head, fence, cancellationToken);
            LogEnded(run.Id);
        }
        else if (fence < 0)
        {
            await store.EndAsync(run.PracticeId, run.Id, EndOf(new()), cancellationToken);
            LogEnded(run.Id);
        }
    }

    private async Task EndInLogAsync(RunRecord run, RunKey key, RunHead head, long fence, CancellationToken cancellationToken)
    {
        var progress = RunProgress.Of(await log.ReadAllAsync(key, cancellationToken));
        var end = EndOf(progress);
        if (!await store.EndAsync(run.PracticeId, run.Id, end, cancellationToken))
        {
            return;
        }

        using var use = feeds.Open(key);
        var session = new ChatSessionKey(run.PracticeId, run.UserId, run.SessionId);
        using var output = new RunOutput(log, use.Feed, new(key, session, head.Epoch, run.ThreadId, fence, head.Seq), progress, timeProvider);
        var ending = RunEnding.ByError(RunFailure.Interrupted, run.Id.ToString());
        foreach (var frame in ending.Frames(progress, run.Persona, fullText: !run.ProviderFrames))
        {
            await output.AppendAsync(frame);
        }

        var elapsed = (long)(timeProvider.GetUtcNow() - (run.StartedAt ?? run.AcceptedAt)).TotalMilliseconds;
        await output.AppendAsync(new AgentCompletedFrame(run.Persona, new(
            run.Persona, end.Status, new(end.Text, progress.ToolCalls, end.Iterations, []), elapsed, end.Usage, end.Message)));
    }

    private static RunEnd EndOf(RunProgress progress) => new(
        RunEnding.Failed, RunFailure.InterruptedCode, progress.Text, progress.ToolCalls, 0, progress.Usage, [], RunFailure.Interrupted.Message);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} had lost its replica and was ended.")]
    private partial void LogEnded(Guid runId);

    [LoggerMessage(LogLevel.Warning, "Looking for runs of dead replicas failed this time.")]
    private partial void LogSweepFailed(Exception exception);
}
