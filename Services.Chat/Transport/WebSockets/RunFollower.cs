using System.Collections.Concurrent;
using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Transport.Contracts;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>
/// Sends a connection the frames of runs: those of its session that start while it is connected, and older ones from where
/// the client says it stands.
/// </summary>
internal sealed partial class RunFollower(
    SocketWriter writer, RunReader reader, SessionNotices notices, ILogger<RunFollower> logger) : IAsyncDisposable
{
    private const int MostSessions = 8;
    private const int MostResumed = 16;
    private const int MostWaiting = 128;

    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<Guid, Following> _following = new();
    private readonly List<FollowedSession> _sessions = [];
    private readonly List<Task> _left = [];

    /// <summary>Follows a session's runs from now on. The client of a session that was left longest ago resumes by itself.</summary>
    public async Task AttachAsync(ChatSessionKey session, CancellationToken cancellationToken)
    {
        if (_sessions.Exists(known => known.Session == session))
        {
            return;
        }

        if (_sessions.Count == MostSessions)
        {
            await _sessions[0].StopAsync();
            _left.RemoveAll(static loop => loop.IsCompleted);
            _left.Add(_sessions[0].Loop);
            _sessions.RemoveAt(0);
        }

        var started = Channel.CreateBounded<Guid>(MostWaiting);
        var seen = new HashSet<Guid>();
        var listening = await notices.ListenAsync(
            session,
            notice =>
            {
                // A client so far behind that its list of runs is full gets a clean cut: it reconnects and resumes.
                if (notice.Kind == SessionNoticeKind.Started && !started.Writer.TryWrite(notice.RunId))
                {
                    writer.Abort();
                }
            },
            cancellationToken);
        _sessions.Add(new(session, listening, started.Writer, FollowSessionAsync(session, started.Reader, seen)));
    }

    /// <returns>False when the connection resumes too many runs at once.</returns>
    public async Task<bool> ResumeAsync(ChatSessionKey session, RunResume resume, string? epoch, CancellationToken cancellationToken)
    {
        if (resume.After is not null && _following.Count >= MostResumed)
        {
            return false;
        }

        if (resume.After is not null && _following.TryGetValue(resume.Run.RunId, out var before))
        {
            await before.StopAsync();
        }

        var answer = new StreamResumedFrame(resume.Run.RunId, resume.After?.Epoch ?? epoch, resume.Recovered, resume.From, resume.To);
        await writer.SendAsync(answer, session.SessionId, cancellationToken);
        if (resume.Snapshot is { } snapshot)
        {
            var frame = new RunSnapshotFrame(snapshot.RunId, snapshot.ThreadId, snapshot.Status, snapshot.Text, snapshot.ToolCalls, snapshot.Usage);
            await writer.SendAsync(frame, session.SessionId, cancellationToken);
        }

        if (resume.IsAtEnd)
        {
            await writer.SendAsync(new TypingFrame(false), session.SessionId, cancellationToken);
        }
        else if (resume.After is { } after)
        {
            // The run may have been found to have started meanwhile; what the client asked for counts.
            while (!TryFollow(session, resume.Run, after))
            {
                if (_following.TryGetValue(resume.Run.RunId, out var other))
                {
                    await other.StopAsync();
                }
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        foreach (var session in _sessions)
        {
            await session.StopAsync();
            await session.Loop;
        }

        await Task.WhenAll(_left);
        await Task.WhenAll(_following.Values.Select(following => following.Task));
        _ended.Dispose();
    }

    private async Task FollowSessionAsync(ChatSessionKey session, ChannelReader<Guid> started, HashSet<Guid> seen)
    {
        try
        {
            await foreach (var runId in started.ReadAllAsync(_ended.Token))
            {
                // A start is heard directly and through Redis.
                if (!seen.Add(runId))
                {
                    continue;
                }

                if (seen.Count > 4 * MostWaiting)
                {
                    seen.Clear();
                    seen.Add(runId);
                }

                if (!_following.ContainsKey(runId))
                {
                    await writer.SendAsync(new TypingFrame(true), session.SessionId, _ended.Token);
                    TryFollow(session, new(session.PracticeId, runId), LogPlace.Start);
                }

                // In turn. Only between the end of one that the client asks for again and its new beginning the next may overtake it.
                while (_following.TryGetValue(runId, out var following))
                {
                    await following.Task;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    /// <returns>False when it is followed already.</returns>
    private bool TryFollow(ChatSessionKey session, RunKey run, LogPlace after)
    {
        var following = new Following(CancellationTokenSource.CreateLinkedTokenSource(_ended.Token));

        // It begins once it can be found, and whoever finds it can wait for its end.
        var begin = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        following.Task = FollowAsync(session, run, after, following, begin.Task);
        var isNew = _following.TryAdd(run.RunId, following);
        begin.SetResult(isNew);
        return isNew;
    }

    private async Task FollowAsync(ChatSessionKey session, RunKey run, LogPlace after, Following following, Task<bool> begin)
    {
        if (!await begin)
        {
            following.Dispose();
            return;
        }

        try
        {
            var complete = false;
            await foreach (var frame in reader.ReadAsync(run, after, following.Stopped))
            {
                if (!await writer.SendAsync(frame.Utf8, following.Stopped))
                {
                    return;
                }

                complete = frame.IsLast;
            }

            if (!complete && !following.Stopped.IsCancellationRequested)
            {
                var error = new ConnectionErrorFrame(
                    "upstream_unavailable", "internal", "The rest of this answer is not available right now.", true, Correlation.Current, run.RunId);
                await writer.SendAsync(error, session.SessionId, following.Stopped);
            }

            await writer.SendAsync(new TypingFrame(false), session.SessionId, following.Stopped);
        }
        catch (OperationCanceledException)
        {
            // The connection ended, or the client asked for the run again.
        }
        catch (Exception exception)
        {
            LogBroke(exception, run.RunId);
            writer.Abort();
        }
        finally
        {
            _following.TryRemove(new(run.RunId, following));
            following.Dispose();
        }
    }

    [LoggerMessage(LogLevel.Error, "Following run {RunId} broke; the connection is cut so that the client resumes.")]
    private partial void LogBroke(Exception exception, Guid runId);

    private sealed class Following(CancellationTokenSource stop) : IDisposable
    {
        public Task Task { get; set; } = Task.CompletedTask;

        public CancellationToken Stopped { get; } = stop.Token;

        public async Task StopAsync()
        {
            try
            {
                await stop.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It came to its end meanwhile.
            }

            await Task;
        }

        public void Dispose() => stop.Dispose();
    }

    private sealed record FollowedSession(ChatSessionKey Session, IAsyncDisposable Listening, ChannelWriter<Guid> Started, Task Loop)
    {
        public async ValueTask StopAsync()
        {
            await Listening.DisposeAsync();
            Started.TryComplete();
        }
    }
}
