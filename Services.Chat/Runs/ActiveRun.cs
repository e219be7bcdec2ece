using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>
/// A run this replica answers for, from its acceptance to its end; and beyond that for as long as its log waits for Redis to come back.
/// </summary>
internal sealed class ActiveRun(AcceptedRun accepted, RunOutput output, RunFeeds.Use feed) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason;
    private long _endedAt;

    public AcceptedRun Accepted { get; } = accepted;

    public RunOutput Output { get; } = output;

    /// <summary>The session's turn and the user's slot, once it holds them; renewed with the run's own lease.</summary>
    public ConcurrentDictionary<string, Lease> Leases { get; } = new();

    public bool IsRunning { get; set; }

    /// <summary>Set when its work is done and its leases are given back.</summary>
    public DateTimeOffset? EndedAt
    {
        // As ticks: other threads read it, and one number they never read half written.
        get => Volatile.Read(ref _endedAt) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _endedAt, value?.UtcTicks ?? 0);
    }

    /// <summary>Why the run was stopped; the first reason stands.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    public CancellationToken Stopped => _stop.Token;

    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) != (int)StopReason.None)
        {
            return;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same moment.
        }
    }

    public void Dispose()
    {
        feed.Feed.DetachWriter();
        feed.Dispose();
        _stop.Dispose();
    }
}

internal enum StopReason
{
    None,
    Cancelled,
    TimeLimit,
    Shutdown,
    LeaseLost,
}
