using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Whose frames go into which log.</summary>
internal sealed record RunWriting(RunKey Run, ChatSessionKey Session, string Epoch, Guid ThreadId, long Fence, long LastSeq);

/// <summary>The one writer of a run's log: gives each frame its place and its bytes, and lets it out once it is stored.</summary>
internal sealed class RunOutput(RunLog log, RunFeed feed, RunWriting writing, RunProgress progress, TimeProvider timeProvider) : IRunOutput, IDisposable
{
    // An answer that was lost on the way is asked for again: appending the same frame twice is harmless.
    private static readonly TimeSpan[] Retries = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _seq = writing.LastSeq;
    private bool _closedToAgent;

    public RunProgress Progress { get; } = progress;

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
    public async Task AppendAsync(FrameBody frame)
    {
        await _gate.WaitAsync();
        try
        {
            await AppendInOrderAsync(frame);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task CloseToAgentAsync()
    {
        await _gate.WaitAsync();
        _closedToAgent = true;
        _gate.Release();
    }

    public void Dispose() => _gate.Dispose();

    // Not cancellable: a frame whose append was given up halfway would leave its place in doubt.
    private async Task AppendInOrderAsync(FrameBody frame)
    {
        var seq = _seq + 1;
        var place = new RunPlace(writing.Run.RunId, writing.Epoch, seq, writing.ThreadId, writing.Session.UserId);
        var utf8 = FrameWriter.Write(frame, FrameEnvelope.New(writing.Session.SessionId, timeProvider, place));
        var logged = new LoggedFrame(seq, FrameTypes.NameOf(frame), utf8);
        if (!await AppendAsync(logged))
        {
            throw new RunLostException();
        }

        _seq = seq;
        Progress.Observe(frame);
        feed.Append(logged);
    }

    private async Task<bool> AppendAsync(LoggedFrame frame)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await log.AppendAsync(writing.Run, writing.Session, writing.Fence, frame, CancellationToken.None);
            }
            catch (RedisUnavailableException) when (attempt < Retries.Length)
            {
                await Task.Delay(Retries[attempt], timeProvider);
            }
        }
    }
}

/// <summary>Another replica took the run over; nothing more may be said in its name.</summary>
internal sealed class RunLostException : Exception;
