using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>One run from its turn to its last frame.</summary>
internal sealed partial class RunExecutor(
    SessionNotices notices, RedisLeases leases, RunClosing closing, IRunStore store, RunTokens tokens, AgentCall agent, RunTelemetry telemetry,
    IOptions<RunOptions> options, TimeProvider timeProvider, ILogger<RunExecutor> logger)
{
    // How long a stopped agent may take to let go before the run is ended over its head.
    private static readonly TimeSpan LettingGo = TimeSpan.FromMilliseconds(800);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(ActiveRun active, CancellationToken stoppingToken)
    {
        var run = active.Accepted;
        Correlation.Use(run.CorrelationId);
        using var activity = RunTelemetry.Start(run);
        using var shutdown = stoppingToken.Register(() => active.Stop(StopReason.Shutdown));
        var startedAt = timeProvider.GetTimestamp();
        try
        {
            await using var listening = await notices.ListenAsync(
                run.Session,
                notice =>
                {
                    if (notice.Kind == SessionNoticeKind.CancelAsked && notice.RunId == run.RunId)
                    {
                        active.Stop(StopReason.Cancelled);
                    }
                },
                CancellationToken.None);
            var end = await WorkAsync(active);
            await FinishAsync(active, end, startedAt, stoppingToken);
            activity?.SetTag("chat.run.status", end.Status);
        }
        catch (RunLostException)
        {
            // Whoever has it now goes on writing; readers here find that in the log.
            LogLost(run.RunId);
        }
        finally
        {
            telemetry.Ended(run, active.Output.Progress.Status, timeProvider.GetElapsedTime(startedAt));
            await LetGoAsync(active);
        }
    }

    // Nobody waits for this run any more, though its log may: what is degraded stays in memory until Redis has it.
    private async Task LetGoAsync(ActiveRun active)
    {
        active.EndedAt = timeProvider.GetUtcNow();
        await Task.WhenAll(active.Leases.Values.Select(leases.GiveBackAsync));
        if (active.Output is not { State: LogState.Degraded, Progress.HasEnded: true })
        {
            await closing.CloseAsync(active);
        }
    }

    /// <summary>Everything up to the completion flags, whatever happens on the way.</summary>
    private async Task<RunEnd> WorkAsync(ActiveRun active)
    {
        var (run, output) = (active.Accepted, active.Output);
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using var late = limit.Token.Register(() => active.Stop(StopReason.TimeLimit));
        try
        {
            await TakeTurnAsync(active);
            limit.CancelAfter(options.Value.TimeLimit);
            active.IsRunning = true;
            var history = await store.BeginAsync(run, options.Value.HistoryMessages, active.Stopped);

            await notices.PublishAsync(run.Session, SessionNotice.Started(run.RunId), active.Stopped);
            await output.AppendAsync(RunEnding.Started(run.Persona));
            if (run.ProviderFrames)
            {
                await output.AppendAsync(new WorkingFrame("Working on it."));
            }

            await output.AppendAsync(new StreamStartFrame());
            var outcome = await RunAgentAsync(active, history);
            if (output.Progress.Text.Length == 0 && outcome.Text.Length > 0)
            {
                await output.AppendAsync(new TextChunkFrame(outcome.Text, outcome.Text.Length));
            }

            foreach (var flag in RunEnding.Flags(output.Progress, fullText: !run.ProviderFrames))
            {
                await output.AppendAsync(flag);
            }

            var end = EndOf(output, RunEnding.Completed, null);
            return end with { Iterations = outcome.Iterations, Usage = outcome.Usage, Documents = outcome.Documents };
        }
        catch (OperationCanceledException) when (active.Reason is not StopReason.None)
        {
            return active.Reason switch
            {
                StopReason.LeaseLost => throw new RunLostException(),
                StopReason.Cancelled => await CutShortAsync(active, RunEnding.ByCancel(), null),
                StopReason.TimeLimit => await FailAsync(active, RunFailure.TimeLimit),
                _ => await FailAsync(active, RunFailure.Interrupted),
            };
        }
        catch (Exception exception) when (exception is not RunLostException)
        {
            LogFailed(exception, run.RunId);
            return await FailAsync(active, RunFailure.From(exception));
        }
    }

    // The session's turn first: who waits for a slot must not hold up other sessions, and of one session only one waits.
    private async Task TakeTurnAsync(ActiveRun active)
    {
        var run = active.Accepted;
        var holder = run.RunId.ToString();
        if (await active.Output.RenewAsync(active.Stopped) == RunRenewal.CancelAsked)
        {
            active.Stop(StopReason.Cancelled);
        }

        foreach (var lease in (Lease[])[
            new(RunKeys.Turn(run.Session), holder, 1),
            new(RunKeys.UserRuns(run.Session.PracticeId, run.Session.UserId), holder, options.Value.PerUser)])
        {
            // Before it is held, so that a stop in between gives it back too.
            active.Leases[lease.Key] = lease;
            await leases.WaitAsync(lease, mostWaiting: 1000, active.Stopped);
        }
    }

    private async Task<AgentOutcome> RunAgentAsync(ActiveRun active, IReadOnlyList<Microsoft.Extensions.AI.ChatMessage> history)
    {
        var (run, output) = (active.Accepted, active.Output);
        using var token = tokens.Create(run);
        var work = agent(
            new(run.RunId, run.Session, run.ThreadId, run.User, run.Persona, run.Message, history, run.Model, run.ProviderFrames, run.CorrelationId),
            output, token, active.Stopped);
        try
        {
            return await work.WaitAsync(active.Stopped);
        }
        catch (OperationCanceledException) when (active.Stopped.IsCancellationRequested)
        {
            await output.CloseToAgentAsync();
            await Task.WhenAny(work, Task.Delay(LettingGo, timeProvider));
            _ = work.ContinueWith(
                static stopped => stopped.Exception?.Handle(static _ => true),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private Task<RunEnd> FailAsync(ActiveRun active, RunFailure failure) =>
        CutShortAsync(active, RunEnding.ByError(failure, active.Accepted.CorrelationId), failure.Code);

    private async Task<RunEnd> CutShortAsync(ActiveRun active, RunEnding ending, string? errorCode)
    {
        var (run, output) = (active.Accepted, active.Output);
        await output.CloseToAgentAsync();
        if (output.Progress is { HasStarted: false })
        {
            await notices.PublishAsync(run.Session, SessionNotice.Started(run.RunId), CancellationToken.None);
        }

        foreach (var frame in ending.Frames(output.Progress, run.Persona, fullText: !run.ProviderFrames))
        {
            await output.AppendAsync(frame);
        }

        return EndOf(output, ending.Status, errorCode) with { Message = ending.Message };
    }

    private async Task FinishAsync(ActiveRun active, RunEnd end, long startedAt, CancellationToken stoppingToken)
    {
        var (run, output) = (active.Accepted, active.Output);
        switch (await TryEndAsync(active, end, stoppingToken))
        {
            case false:
                throw new RunLostException();
            case null:
                // The log says what happened; the sweeper stores it from there.
                await output.AppendAsync(RunEnding.ByError(RunFailure.NotStored, run.CorrelationId).Opening);
                end = end with { Status = RunEnding.Failed, Message = RunFailure.NotStored.Message };
                break;
        }

        var elapsed = (long)timeProvider.GetElapsedTime(startedAt).TotalMilliseconds;
        await output.AppendAsync(new AgentCompletedFrame(run.Persona, new(
            run.Persona, end.Status, new(end.Text, end.ToolCalls, end.Iterations, end.Documents), elapsed, end.Usage, end.Message)));
    }

    /// <returns>Null when the store could not be reached in time, or before the service shuts down.</returns>
    private async Task<bool?> TryEndAsync(ActiveRun active, RunEnd end, CancellationToken stoppingToken)
    {
        var startedAt = timeProvider.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await store.EndAsync(active.Accepted.Session.PracticeId, active.Accepted.RunId, end, CancellationToken.None);
            }
            catch (DependencyUnavailableException exception)
            {
                LogNotStored(exception, active.Accepted.RunId);
            }

            if (stoppingToken.IsCancellationRequested || timeProvider.GetElapsedTime(startedAt) + pause > options.Value.Commit)
            {
                return null;
            }

            await Task.Delay(pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static RunEnd EndOf(RunOutput output, string status, string? errorCode)
    {
        var progress = output.Progress;
        return new(status, errorCode, progress.Text, progress.ToolCalls, 0, progress.Usage, [], "The run is complete.");
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} failed.")]
    private partial void LogFailed(Exception exception, Guid runId);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} belongs to another replica by now.")]
    private partial void LogLost(Guid runId);

    [LoggerMessage(LogLevel.Warning, "The end of run {RunId} could not be stored yet.")]
    private partial void LogNotStored(Exception exception, Guid runId);
}
