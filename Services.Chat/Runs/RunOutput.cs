using System.Diagnostics.CodeAnalysis;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>How a run's log stands with Redis.</summary>
internal enum LogState
{
    /// <summary>Every frame is acknowledged by Redis before it goes out.</summary>
    Stored,

    /// <summary>Redis is away: frames go out at once and stay in memory until the epoch can be written as a whole.</summary>
    Degraded,

    /// <summary>The run belongs to another replica; nothing more may be said in its name.</summary>
    Lost,
}

/// <summary>
/// The one writer of a run's log: gives each frame its place and its bytes, and lets it out.
/// <code>
/// Stored   -- not acknowledged in time -----> Degraded   a new epoch, which begins with a snapshot
/// Stored   -- log or its tail is gone ------> Stored     a new epoch, written before it goes out (Degraded when that fails)
/// Degraded -- epoch written as a whole -----> Stored
/// any      -- a newer fence ----------------> Lost
/// </code>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever was not waited for may be in the gate when the run is over; without a wait handle it holds nothing.")]
internal sealed class RunOutput(RunLog log, RunFeed feed, LogClaim claim, string persona, TimeProvider timeProvider) : IRunOutput
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly UnstoredFrames _unstored = new();
    private volatile Standing _at = new(LogState.Stored, claim, 0);
    private bool _closedToAgent;

    public RunProgress Progress { get; } = new();

    public LogState State => _at.State;

    /// <summary>The newest frame that went out.</summary>
    public LogPlace Place => new(_at.Claim.Epoch, _at.Seq);

    /// <summary>What only this replica's memory holds of the log.</summary>
    public long UnstoredBytes => _unstored.Bytes;

    /// <summary>For the agent. After a stop it gets no further: the worker has the last word in the log.</summary>
    public async ValueTask EmitAsync(FrameBody frame, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_closedToAgent)
            {
                throw new OperationCanceledException("The run was stopped.");
            }

            if (frame is not TextChunkFrame { Content.Length: 0 })
            {
                await AppendInOrderAsync(frame);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Used(UsagePayload soFar) => Progress.Used(soFar);

    /// <summary>For the worker.</summary>
    public Task AppendAsync(FrameBody frame) => InOrderAsync(() => AppendInOrderAsync(frame));

    public Task CloseToAgentAsync() => InOrderAsync(() =>
    {
        _closedToAgent = true;
        return Task.CompletedTask;
    });

    /// <summary>What the run has come to, and the place its frames go on after.</summary>
    public async Task<(RunProgress Progress, LogPlace Place)> CopyAsync()
    {
        (RunProgress, LogPlace) copy = default;
        await InOrderAsync(() =>
        {
            copy = (Progress.Copy(), Place);
            return Task.CompletedTask;
        });
        return copy;
    }

    /// <summary>Renews the lease, and finds out what became of the log while nothing was appended to it.</summary>
    public async Task<RunRenewal> RenewAsync(CancellationToken cancellationToken)
    {
        var at = _at;
        if (at.State != LogState.Stored)
        {
            return at.State == LogState.Lost ? RunRenewal.Lost : RunRenewal.Held;
        }

        var renewal = await log.RenewAsync(at.Claim, at.Seq, cancellationToken);
        if (renewal is RunRenewal.Lost or RunRenewal.Gone)
        {
            await InOrderAsync(async () =>
            {
                if (_at.Claim != at.Claim || _at.State != LogState.Stored || Progress.HasEnded)
                {
                    // What Redis spoke of is over: a newer epoch was begun, or the run's last frame was written.
                    renewal = RunRenewal.Held;
                }
                else if (renewal == RunRenewal.Gone)
                {
                    await BeginEpochAsync(EpochSnapshotFrame.LogLost);
                    renewal = RunRenewal.Held;
                }
            });
        }

        return renewal;
    }

    /// <summary>Tries to write a degraded epoch to Redis. Frames go on meanwhile: only the last few are waited for.</summary>
    /// <exception cref="RedisUnavailableException">Redis is still away.</exception>
    public async Task RecoverAsync()
    {
        var at = _at;
        if (at.State != LogState.Degraded)
        {
            return;
        }

        var frames = _unstored.Copy();
        if (frames.Count > 0 && frames[0].Epoch == at.Claim.Epoch)
        {
            var isOurs = await log.ReopenAsync(at.Claim, frames);
            await InOrderAsync(() => CatchUpAsync(at.Claim, frames.Count, isOurs));
        }
    }

    private async Task InOrderAsync(Func<Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    // Not cancellable: a frame whose append was given up halfway would leave its place in doubt.
    private async Task AppendInOrderAsync(FrameBody body)
    {
        var frame = Next(body);
        while (_at.State != LogState.Degraded)
        {
            switch (_at.State == LogState.Lost ? LogAnswer.Lost : await StoreAsync(frame))
            {
                case LogAnswer.Written:
                    Accept(frame, body);
                    return;
                case LogAnswer.Lost:
                    _at = _at with { State = LogState.Lost };
                    throw new RunLostException();
                case LogAnswer.Gone:
                    await BeginEpochAsync(EpochSnapshotFrame.LogLost);
                    break;
                default:
                    await BeginEpochAsync(EpochSnapshotFrame.Degraded);
                    break;
            }

            frame = Next(body);
        }

        if (!_unstored.TryAdd(frame))
        {
            await BeginEpochAsync(EpochSnapshotFrame.Degraded);
            frame = Next(body);
            _unstored.Add(frame);
        }

        Accept(frame, body);
    }

    private LoggedFrame Next(FrameBody body) => _at.Claim.Frame(_at.Seq + 1, body, timeProvider);

    private void Accept(LoggedFrame frame, FrameBody body)
    {
        Progress.Observe(body);
        _at = _at with { Seq = frame.Seq };
        feed.Append(frame);
    }

    /// <returns>Null when Redis did not say in time.</returns>
    private async Task<LogAnswer?> StoreAsync(LoggedFrame frame)
    {
        var startedAt = timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                return await log.AppendAsync(_at.Claim, frame);
            }
            catch (RedisUnavailableException)
            {
                // A connection that was cut is back in no time, and appending the same frame twice is harmless.
                if (timeProvider.GetElapsedTime(startedAt) + BetweenTries > log.Patience)
                {
                    return null;
                }

                await Task.Delay(BetweenTries, timeProvider);
            }
        }
    }

    private async Task BeginEpochAsync(string reason)
    {
        var next = _at.Claim.Next(timeProvider);
        var snapshot = next.Frame(1, Progress.ToSnapshot(persona, reason, _at.Claim.Epoch), timeProvider);
        var state = reason == EpochSnapshotFrame.LogLost ? await TryReopenAsync(next, snapshot) : LogState.Degraded;
        _at = new(state, next, 1);
        if (state == LogState.Lost)
        {
            throw new RunLostException();
        }

        _unstored.Clear();
        if (state == LogState.Degraded)
        {
            _unstored.Add(snapshot);
        }

        feed.StartEpoch(snapshot, keepsAll: state == LogState.Degraded);
    }

    private async Task<LogState> TryReopenAsync(LogClaim next, LoggedFrame snapshot)
    {
        try
        {
            return await log.ReopenAsync(next, [snapshot]) ? LogState.Stored : LogState.Lost;
        }
        catch (RedisUnavailableException)
        {
            return LogState.Degraded;
        }
    }

    private async Task CatchUpAsync(LogClaim written, int count, bool isOurs)
    {
        if (_at.Claim != written || _at.State != LogState.Degraded)
        {
            return;
        }

        if (!isOurs)
        {
            _at = _at with { State = LogState.Lost };
            return;
        }

        foreach (var frame in _unstored.Copy().Skip(count))
        {
            if (await log.AppendAsync(written, frame) != LogAnswer.Written)
            {
                return;
            }
        }

        _unstored.Clear();
        _at = _at with { State = LogState.Stored };
        feed.MayForget();
    }

    private sealed record Standing(LogState State, LogClaim Claim, long Seq);
}

/// <summary>Another replica took the run over; nothing more may be said in its name.</summary>
internal sealed class RunLostException : Exception;
