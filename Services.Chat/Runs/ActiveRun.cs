using System.Collections.Concurrent;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>A run this replica answers for, from its acceptance to its end.</summary>
internal sealed class ActiveRun(AcceptedRun accepted, long fence) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason;

    public AcceptedRun Accepted { get; } = accepted;

    public long Fence { get; } = fence;

    /// <summary>The session's turn and the user's slot, once it holds them; renewed with the run's own lease.</summary>
    public ConcurrentDictionary<string, Lease> Leases { get; } = new();

    public bool IsRunning { get; set; }

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

    public void Dispose() => _stop.Dispose();
}

internal enum StopReason
{
    None,
    Cancelled,
    TimeLimit,
    Shutdown,
    LeaseLost,
}
