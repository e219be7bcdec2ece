using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Threads;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>What users can do with runs: start, cancel, resume, look at. Runs of others do not exist.</summary>
internal sealed partial class RunService(
    ChatSessions sessions, IThreadStore threads, IRunStore store, RunLog log, RunQueue queue, ActiveRuns activeRuns, RedisLeases leases,
    TimeProvider timeProvider, ILogger<RunService> logger)
{
    /// <summary>Records the message's run and queues it. When this returns Accepted, the run will come to an end that can be read.</summary>
    public async Task<Acceptance> AcceptAsync(RunRequest request, CancellationToken cancellationToken)
    {
        using var place = queue.TryReserve(request.Session);
        if (place is null)
        {
            return Acceptance.QueueFull;
        }

        var practiceId = request.Session.PracticeId;
        if (request.ThreadId is { } asked && !await threads.ExistsAsync(practiceId, request.User.UserId, asked, cancellationToken))
        {
            return Acceptance.UnknownThread;
        }

        var session = await sessions.OpenAsync(request.Session, persona: null, cancellationToken);
        var now = timeProvider.GetUtcNow();
        var threadId = request.ThreadId ?? session.ThreadId ?? Guid.CreateVersion7(now);
        if (threadId != session.ThreadId)
        {
            await sessions.SwitchThreadAsync(session, threadId, cancellationToken);
        }

        var run = new AcceptedRun(
            Guid.CreateVersion7(now), request.Session, request.User, request.UserToken, session.Persona, threadId, request.Message, request.Model,
            request.ProviderFrames, Guid.CreateVersion7(now).ToString("N"), Correlation.Current, Activity.Current?.Context ?? default, now);

        // Log and lease first: a record without a living lease would be swept.
        await log.OpenAsync(run.Key, run.Session, run.Epoch, activeRuns.Replica, cancellationToken);
        await store.AddAsync(run, cancellationToken);

        var active = new ActiveRun(run, RunLog.FirstFence);
        activeRuns.Add(active);
        place.Fill(active);
        LogAccepted(run.RunId, run.Session.SessionId);
        return Acceptance.Accepted;
    }

    /// <summary>Cancels a run, or the session's current one. Safe to repeat.</summary>
    /// <returns>False when there is no such run of this user; true also when it has ended already.</returns>
    public async Task<bool> CancelAsync(CurrentUser user, Guid runId, CancellationToken cancellationToken)
    {
        if (activeRuns.TryGet(runId, out var active))
        {
            var session = active.Accepted.Session;
            if (session.PracticeId != user.PracticeId || session.UserId != user.UserId)
            {
                return false;
            }

            active.Stop(StopReason.Cancelled);
            return true;
        }

        var run = new RunKey(user.PracticeId, runId);
        if (await log.FindAsync(run, cancellationToken) is not { } head)
        {
            return await store.FindAsync(user.PracticeId, user.UserId, runId, cancellationToken) is not null;
        }

        if (head.UserId != user.UserId)
        {
            return false;
        }

        await log.CancelAsync(run, new(user.PracticeId, user.UserId, head.SessionId), cancellationToken);
        return true;
    }

    public async Task CancelCurrentAsync(CurrentUser user, ChatSessionKey session, CancellationToken cancellationToken)
    {
        var here = activeRuns.CurrentOf(session);
        if (here is { IsRunning: true })
        {
            here.Stop(StopReason.Cancelled);
        }
        else if (Guid.TryParse(await leases.FirstHolderAsync(RunKeys.Turn(session), cancellationToken), out var runId))
        {
            await CancelAsync(user, runId, cancellationToken);
        }
        else
        {
            here?.Stop(StopReason.Cancelled);
        }
    }

    public async Task<RunResume> ResumeAsync(CurrentUser user, Guid runId, string? epoch, long lastSeq, CancellationToken cancellationToken)
    {
        var run = new RunKey(user.PracticeId, runId);
        var head = await log.FindAsync(run, cancellationToken);
        if (head is not null && head.UserId != user.UserId)
        {
            return new(run, false, 0, 0, null);
        }

        return head is not null && head.Epoch == epoch && lastSeq >= 0 && lastSeq <= head.Seq
            ? new(run, true, lastSeq + 1, head.Seq, null, IsAtEnd: head.Ended && lastSeq == head.Seq)
            : new(run, false, 0, 0, await SnapshotAsync(user, run, head, cancellationToken));
    }

    public async Task<RunView?> FindAsync(CurrentUser user, Guid runId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(user.PracticeId, user.UserId, runId, cancellationToken) is not { } record)
        {
            return null;
        }

        try
        {
            return new(record, await log.FindAsync(new(user.PracticeId, runId), cancellationToken));
        }
        catch (RedisUnavailableException)
        {
            return new(record, null);
        }
    }

    private async Task<RunSnapshot?> SnapshotAsync(CurrentUser user, RunKey run, RunHead? head, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(user.PracticeId, user.UserId, run.RunId, cancellationToken) is not { } record)
        {
            return null;
        }

        if (record.EndedAt is not null || head is null)
        {
            return new(run.RunId, record.ThreadId, record.Status, record.Text ?? string.Empty, record.ToolCalls, record.Usage);
        }

        var progress = RunProgress.Of(await log.ReadAllAsync(run, cancellationToken));
        return new(run.RunId, record.ThreadId, progress.Status, progress.Text, progress.ToolCalls, progress.Usage);
    }

    [LoggerMessage(LogLevel.Information, "Accepted run {RunId} of session {SessionId}.")]
    private partial void LogAccepted(Guid runId, string sessionId);
}
