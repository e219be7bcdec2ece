using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>One run from its turn to its last frame.</summary>
internal sealed partial class RunExecutor(
    RunLog log, RunFeeds feeds, SessionNotices notices, RedisLeases leases, ActiveRuns activeRuns, IRunStore store, RunTokens tokens, AgentCall agent,
    RunTelemetry telemetry, IOptions<RunOptions> options, TimeProvider timeProvider, ILogger<RunExecutor> logger)
{
    // How long a stopped agent may take to let go before the run is ended over its head.
    private static readonly TimeSpan LettingGo = TimeSpan.FromMilliseconds(800);

    public async Task ExecuteAsync(ActiveRun active, CancellationToken stoppingToken)
    {
        var run = active.Accepted;
        Correlation.Use(run.CorrelationId);
        using var activity = RunTelemetry.Start(run);
        using var use = feeds.Open(run.Key);
        using var output = new RunOutput(
            log, use.Feed, new(run.Key, run.Session, run.Epoch, run.ThreadId, active.Fence, LastSeq: 0), new(), timeProvider);
        using var shutdown = stoppingToken.Register(() => active.Stop(StopReason.Shutdown));
        use.Feed.AttachWriter();
        var broken = true;
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
            var end = await WorkAsync(active, output);
            await FinishAsync(active, output, end, startedAt);
            activity?.SetTag("chat.run.status", end.Status);
            broken = false;
        }
        catch (RunLostException)
        {
            // Whoever has it now goes on writing; readers here find that in the log.
            broken = false;
            LogLost(run.RunId);
        }
        catch (DependencyUnavailableException exception)
        {
            // The log itself cannot be written: readers are told by their connection, the record is closed as far as possible.
            LogNotLogged(exception, run.RunId);
            await TryEndAsync(active, EndOf(output, RunEnding.Failed, RunFailure.NotStored.Code));
        }
        finally
        {
            use.Feed.DetachWriter(broken);
            activeRuns.Remove(active);
            foreach (var lease in active.Leases.Values)
            {
                await leases.GiveBackAsync(lease);
            }

            telemetry.Ended(run, output.Progress.Status, timeProvider.GetElapsedTime(startedAt));
            active.Dispose();
        }
    }

    /// <summary>Everything up to the completion flags, whatever happens on the way.</summary>
    private async Task<RunEnd> WorkAsync(ActiveRun active, RunOutput output)
    {
        var run = active.Accepted;
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
            var outcome = await RunAgentAsync(active, output, history);
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
                StopReason.Cancelled => await CutShortAsync(active, output, RunEnding.ByCancel(), null),
                StopReason.TimeLimit => await FailAsync(active, output, RunFailure.TimeLimit),
                _ => await FailAsync(active, output, RunFailure.Interrupted),
            };
        }
        catch (Exception exception) when (exception is not RunLostException)
        {
            LogFailed(exception, run.RunId);
            return await FailAsync(active, output, RunFailure.From(exception));
        }
    }

    // The session's turn first: who waits for a slot must not hold up other sessions, and of one session only one waits.
    private async Task TakeTurnAsync(ActiveRun active)
    {
        var run = active.Accepted;
        var holder = run.RunId.ToString();
        if (await log.RenewAsync(run.Key, active.Fence, activeRuns.Replica, active.Stopped) == RunRenewal.CancelAsked)
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

    private async Task<AgentOutcome> RunAgentAsync(
        ActiveRun active, RunOutput output, IReadOnlyList<Microsoft.Extensions.AI.ChatMessage> history)
    {
        var run = active.Accepted;
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

    private Task<RunEnd> FailAsync(ActiveRun active, RunOutput output, RunFailure failure) =>
        CutShortAsync(active, output, RunEnding.ByError(failure, active.Accepted.CorrelationId), failure.Code);

    private async Task<RunEnd> CutShortAsync(ActiveRun active, RunOutput output, RunEnding ending, string? errorCode)
    {
        var run = active.Accepted;
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

    private async Task FinishAsync(ActiveRun active, RunOutput output, RunEnd end, long startedAt)
    {
        var run = active.Accepted;
        switch (await TryEndAsync(active, end))
        {
            case false:
                throw new RunLostException();
            case null:
                end = end with { Status = RunEnding.Failed, Message = RunFailure.NotStored.Message };
                break;
        }

        var elapsed = (long)timeProvider.GetElapsedTime(startedAt).TotalMilliseconds;
        await output.AppendAsync(new AgentCompletedFrame(run.Persona, new(
            run.Persona, end.Status, new(end.Text, end.ToolCalls, end.Iterations, end.Documents), elapsed, end.Usage, end.Message)));
    }

    /// <returns>Null when the store could not be reached.</returns>
    private async Task<bool?> TryEndAsync(ActiveRun active, RunEnd end)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                return await store.EndAsync(active.Accepted.Session.PracticeId, active.Accepted.RunId, end, CancellationToken.None);
            }
            catch (DependencyUnavailableException exception)
            {
                LogNotStored(exception, active.Accepted.RunId);
                await Task.Delay(TimeSpan.FromMilliseconds(300 * (attempt + 1)), timeProvider);
            }
        }

        return null;
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

    [LoggerMessage(LogLevel.Error, "The log of run {RunId} could not be written.")]
    private partial void LogNotLogged(Exception exception, Guid runId);

    [LoggerMessage(LogLevel.Warning, "The end of run {RunId} could not be stored yet.")]
    private partial void LogNotStored(Exception exception, Guid runId);
}
