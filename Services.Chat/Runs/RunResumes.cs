using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Finds the place in a run's log from which a reader can go on: in this replica's memory, in Redis, or else what MySQL has.</summary>
internal sealed class RunResumes(IRunStore store, RunLog log, ActiveRuns activeRuns)
{
    /// <param name="from">Without an epoch: from the start, whatever the epoch.</param>
    public async Task<RunResume> ResumeAsync(CurrentUser user, Guid runId, LogPlace from, CancellationToken cancellationToken)
    {
        var run = new RunKey(user.PracticeId, runId);
        if (activeRuns.TryGet(runId, out var here))
        {
            return IsOf(here, user) ? await ResumeHereAsync(run, here, from) : RunResume.Unknown(run);
        }

        try
        {
            return await ResumeLoggedAsync(user, run, from, cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            // An ended run needs no log to be shown.
            if (await store.FindAsync(user.PracticeId, user.UserId, runId, cancellationToken) is { EndedAt: not null } record)
            {
                return RunResume.Of(run, RunSnapshot.Of(record));
            }

            throw;
        }
    }

    public async Task<RunView?> FindAsync(CurrentUser user, Guid runId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(user.PracticeId, user.UserId, runId, cancellationToken) is not { } record)
        {
            return null;
        }

        if (activeRuns.TryGet(runId, out var here))
        {
            return new(record, here.Output.Place);
        }

        try
        {
            return new(record, await log.FindAsync(new(user.PracticeId, runId), cancellationToken) is { } head ? new LogPlace(head.Epoch, head.Seq) : null);
        }
        catch (RedisUnavailableException)
        {
            return new(record, null);
        }
    }

    private static bool IsOf(ActiveRun run, CurrentUser user) =>
        run.Accepted.Session.PracticeId == user.PracticeId && run.Accepted.Session.UserId == user.UserId;

    private static bool IsIn(LogPlace from, LogPlace head) => from.Epoch == head.Epoch && from.Seq >= 0 && from.Seq <= head.Seq;

    private static async Task<RunResume> ResumeHereAsync(RunKey run, ActiveRun here, LogPlace from)
    {
        var head = here.Output.Place;
        from = from == LogPlace.Start ? new(head.Epoch, 0) : from;
        if (IsIn(from, head))
        {
            return new(run, true, from, head.Seq, null);
        }

        var (progress, place) = await here.Output.CopyAsync();
        return RunResume.Of(run, RunSnapshot.Of(run.RunId, here.Accepted.ThreadId, progress), progress.HasEnded ? null : place);
    }

    private async Task<RunResume> ResumeLoggedAsync(CurrentUser user, RunKey run, LogPlace from, CancellationToken cancellationToken)
    {
        if (await log.FindAsync(run, cancellationToken) is not { } head)
        {
            return RunResume.Of(run, await store.FindAsync(user.PracticeId, user.UserId, run.RunId, cancellationToken) is { } lost ? RunSnapshot.Of(lost) : null);
        }

        if (head.UserId != user.UserId)
        {
            return RunResume.Unknown(run);
        }

        var place = new LogPlace(head.Epoch, head.Seq);
        from = from == LogPlace.Start ? new(head.Epoch, 0) : from;
        var mayGoOn = head.Ended || head.IsOwned;
        if (mayGoOn && IsIn(from, place))
        {
            return new(run, true, from, head.Seq, null, IsAtEnd: head.Ended && from == place);
        }

        // Nobody may ever end a log without an owner; what is recorded about the run is more than it says.
        var record = await store.FindAsync(user.PracticeId, user.UserId, run.RunId, cancellationToken);
        if (record is not { EndedAt: null })
        {
            return RunResume.Of(run, record is null ? null : RunSnapshot.Of(record));
        }

        if (IsIn(from, place))
        {
            return new(run, true, from, head.Seq, null);
        }

        var frames = await log.ReadAllAsync(run, head.Epoch, cancellationToken);
        return RunResume.Of(
            run, RunSnapshot.Of(run.RunId, record.ThreadId, RunProgress.Of(frames)), frames.Count > 0 && frames[^1].IsLast ? null : new(head.Epoch, frames.Count));
    }
}
