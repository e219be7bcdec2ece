using System.Threading.Channels;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>Settled calls on their way to Redis. It takes every one: who lets calls in looks first whether there is room for what they come to.</summary>
internal sealed class UsageQueue
{
    private readonly Channel<PendingCall?> _calls = Channel.CreateUnbounded<PendingCall?>(new() { SingleReader = true });
    private volatile bool _isAway;
    private int _count;
    private int _isNudged;

    /// <summary>Those that Redis has not acknowledged, the ones just on their way included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Redis did not take the last batch.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Somebody waits for what Redis says.</summary>
    public bool IsNudged => Volatile.Read(ref _isNudged) == 1;

    public void Add(PendingCall call)
    {
        Interlocked.Increment(ref _count);
        _calls.Writer.TryWrite(call);
    }

    /// <summary>There is something to ask of Redis besides.</summary>
    public void Nudge()
    {
        if (Interlocked.Exchange(ref _isNudged, 1) == 0)
        {
            _calls.Writer.TryWrite(null);
        }
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _calls.Reader.WaitToReadAsync(cancellationToken);

    public List<PendingCall> Take(int most)
    {
        var taken = new List<PendingCall>();

        while (taken.Count < most && _calls.Reader.TryRead(out var call))
        {
            if (call is null)
            {
                Volatile.Write(ref _isNudged, 0);
            }
            else
            {
                taken.Add(call);
            }
        }

        return taken;
    }

    public void Done(int count) => Interlocked.Add(ref _count, -count);
}

/// <param name="Cost">In billionths of a dollar.</param>
/// <param name="Reservation">Null for a call that is in no budget.</param>
internal sealed record PendingCall(SettledCall Call, long Cost, BudgetReservation? Reservation);
