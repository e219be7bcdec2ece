using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>What became of a run that nobody may be answering for.</summary>
internal enum CompletionResult
{
    /// <summary>Somebody answers for it.</summary>
    Alive,

    /// <summary>It has no log, which may be over in a moment.</summary>
    Missing,

    /// <summary>Its log has its last frame, and its record the same end.</summary>
    Completed,
}

/// <summary>Gives a run that nobody answers for the end it lacks: in its log what its record says, in its record what its log says, or that it was interrupted.</summary>
internal sealed class RunCompletion(IRunStore store, RunLog log, RunFeeds feeds, ActiveRuns activeRuns, TimeProvider timeProvider)
{
    /// <param name="isGone">A log that is not there will not come back.</param>
    /// <exception cref="RedisUnavailableException">Nothing is lost: the next try goes on where this one stopped.</exception>
    public async Task<CompletionResult> CompleteAsync(RunRecord run, bool isGone, CancellationToken cancellationToken)
    {
        var key = new RunKey(run.PracticeId, run.Id);
        var head = await log.FindAsync(key, cancellationToken);
        if (head is null)
        {
            return isGone ? await EndWithoutLogAsync(run, cancellationToken) : CompletionResult.Missing;
        }

        if (head.Ended)
        {
            return await EndAsLoggedAsync(run, key, head, cancellationToken);
        }

        var fence = head.IsOwned ? 0 : await log.TakeOverAsync(key, activeRuns.Replica, cancellationToken);
        return fence > 0 ? await TakeOverAsync(run, key, head, fence, cancellationToken) : CompletionResult.Alive;
    }

    private async Task<CompletionResult> EndWithoutLogAsync(RunRecord run, CancellationToken cancellationToken)
    {
        if (run.EndedAt is null)
        {
            await store.EndAsync(run.PracticeId, run.Id, Interrupted(new()), cancellationToken);
        }

        await store.CloseLogAsync(run.PracticeId, run.Id, cancellationToken);
        return CompletionResult.Completed;
    }

    // MySQL was away when the run ended, or when its log was to be closed.
    private async Task<CompletionResult> EndAsLoggedAsync(RunRecord run, RunKey key, RunHead head, CancellationToken cancellationToken)
    {
        var progress = RunProgress.Of(await log.ReadAllAsync(key, head.Epoch, cancellationToken));
        if (run.EndedAt is null)
        {
            // A log that ended and lost its frames: nobody will ever know how.
            var end = progress.Completed is { } done
                ? new(done.Status, progress.ErrorCode, done.Result.Text, done.Result.ToolCalls, done.Result.Iterations, done.Usage, done.Result.Documents, done.Message)
                : Interrupted(progress);
            await store.EndAsync(run.PracticeId, run.Id, end, cancellationToken);
        }

        await store.CloseLogAsync(run.PracticeId, run.Id, cancellationToken);
        return CompletionResult.Completed;
    }

    private async Task<CompletionResult> TakeOverAsync(RunRecord run, RunKey key, RunHead head, long fence, CancellationToken cancellationToken)
    {
        // Read again: until the fence rose, its replica may have appended.
        var frames = await log.ReadAllAsync(key, head.Epoch, cancellationToken);
        var (progress, seq) = (RunProgress.Of(frames), frames.Count == 0 ? 0 : frames[^1].Seq);
        var end = run.EndedAt is null ? Interrupted(progress) : Recorded(run);
        if (run.EndedAt is null && !await store.EndAsync(run.PracticeId, run.Id, end, cancellationToken))
        {
            // Its replica ended it just now; the next look finds that.
            return CompletionResult.Alive;
        }

        var claim = new LogClaim(key, new(run.PracticeId, run.UserId, run.SessionId), run.ThreadId, activeRuns.Replica, head.Epoch, fence);
        var last = Last(run, end);
        if (run.EndedAt is null)
        {
            var ending = RunEnding.ByError(RunFailure.Interrupted, run.Id.ToString());
            await AppendAsync(claim, seq, [.. ending.Frames(progress, run.Persona, fullText: !run.ProviderFrames), last]);
        }
        else if (SaysAllOf(progress, end))
        {
            await AppendAsync(claim, seq, [.. RunEnding.Flags(progress, fullText: !run.ProviderFrames), last]);
        }
        else
        {
            // Frames of the answer that was stored never reached this log, and nobody has them.
            var next = claim.Next(timeProvider);
            await ReopenAsync(next, [Snapshot(run, end, head.Epoch), last]);
        }

        await store.CloseLogAsync(run.PracticeId, run.Id, cancellationToken);
        return CompletionResult.Completed;
    }

    private async Task AppendAsync(LogClaim claim, long seq, IReadOnlyList<FrameBody> bodies)
    {
        using var use = feeds.Open(claim.Run);
        foreach (var body in bodies)
        {
            var frame = claim.Frame(++seq, body, timeProvider);
            if (await log.AppendAsync(claim, frame) != LogAnswer.Written)
            {
                throw new RunLostException();
            }

            use.Feed.Hint();
        }
    }

    private async Task ReopenAsync(LogClaim claim, IReadOnlyList<FrameBody> bodies)
    {
        using var use = feeds.Open(claim.Run);
        if (!await log.ReopenAsync(claim, [.. bodies.Select((body, index) => claim.Frame(index + 1, body, timeProvider))]))
        {
            throw new RunLostException();
        }

        use.Feed.Hint();
    }

    private static bool SaysAllOf(RunProgress progress, RunEnd end) =>
        progress.OpenToolCalls.Count == 0 && progress.Text == end.Text && progress.ToolCalls.SequenceEqual(end.ToolCalls)
        && progress.IsCutShort == (end.Status != RunEnding.Completed);

    private static EpochSnapshotFrame Snapshot(RunRecord run, RunEnd end, string previousEpoch) => new(
        run.Persona, end.Status, end.Text, end.ToolCalls, end.Usage, TextCompleted: true, TtsCompleted: true, EpochSnapshotFrame.LogLost, previousEpoch);

    private AgentCompletedFrame Last(RunRecord run, RunEnd end)
    {
        var elapsed = (long)((run.EndedAt ?? timeProvider.GetUtcNow()) - (run.StartedAt ?? run.AcceptedAt)).TotalMilliseconds;
        return new(run.Persona, new(
            run.Persona, end.Status, new(end.Text, end.ToolCalls, end.Iterations, end.Documents), elapsed, end.Usage, end.Message));
    }

    private static RunEnd Recorded(RunRecord run) => new(
        run.Status, run.ErrorCode, run.Text ?? string.Empty, run.ToolCalls, run.Iterations, run.Usage, [], "The run has ended.");

    private static RunEnd Interrupted(RunProgress progress) => new(
        RunEnding.Failed, RunFailure.InterruptedCode, progress.Text,
        [.. progress.ToolCalls, .. progress.OpenToolCalls.Select(call => new ToolCallSummary(call.ToolCallId, call.ToolName, RunEnding.Failed))], 0, progress.Usage, [], RunFailure.Interrupted.Message);
}
