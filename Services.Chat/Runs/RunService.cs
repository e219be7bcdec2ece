using System.Diagnostics;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Threads;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>What users can do with runs: start, cancel, resume, look at. Runs of others do not exist.</summary>
internal sealed partial class RunService(
    ChatSessions sessions, IThreadStore threads, IRunStore store, RunLog log, RunFeeds feeds, RunQueue queue, ActiveRuns activeRuns, RunResumes resumes,
    RedisLeases leases, TimeProvider timeProvider, ILogger<RunService> logger)
{
    /// <summary>Records the message's run and queues it. When this returns Accepted, the run will come to an end that can be read.</summary>
    public async Task<Acceptance> AcceptAsync(RunRequest request, CancellationToken cancellationToken)
    {
        using var place = queue.TryReserve(request.Session, request.Message.Length);
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
            request.ProviderFrames, Correlation.Current, Activity.Current?.Context ?? default, now);

        // Log and lease first: a record without a living lease would be swept.
        var claim = new LogClaim(run.Key, run.Session, threadId, activeRuns.Replica, LogClaim.NewEpoch(now), LogClaim.FirstFence);
        await log.OpenAsync(claim, cancellationToken);
        await store.AddAsync(run, cancellationToken);

        var feed = feeds.Open(run.Key);
        feed.Feed.AttachWriter(new(claim.Epoch, 0));
        var active = new ActiveRun(run, new(log, feed.Feed, claim, run.Persona, timeProvider), feed);
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

    /// <inheritdoc cref="RunResumes.ResumeAsync"/>
    public Task<RunResume> ResumeAsync(CurrentUser user, Guid runId, string? epoch, long lastSeq, CancellationToken cancellationToken) =>
        resumes.ResumeAsync(user, runId, new(epoch, lastSeq), cancellationToken);

    public Task<RunView?> FindAsync(CurrentUser user, Guid runId, CancellationToken cancellationToken) => resumes.FindAsync(user, runId, cancellationToken);

    [LoggerMessage(LogLevel.Information, "Accepted run {RunId} of session {SessionId}.")]
    private partial void LogAccepted(Guid runId, string sessionId);
}
