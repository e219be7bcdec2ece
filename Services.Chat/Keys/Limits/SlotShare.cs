namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>
/// A replica's part of the calls that may be in flight at once: places leased from Redis, renewed while they are held, so that those of a dead replica come
/// back when the lease is over. Guarded by its owner.
/// </summary>
internal sealed class SlotShare(TimeProvider timeProvider)
{
    private const int SparePart = 16;

    // Who was refused may come again at once, and many may; the answer is the same for so long.
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromMilliseconds(100);

    private int _inUse;
    private int _held;
    private int _peak;
    private int _waiting;
    private long _heldAt;
    private long _refusedAt;
    private TimeSpan _heldFor;
    private TimeSpan _refusedFor;

    /// <summary>Over all replicas; null for none.</summary>
    public int? Limit { get; set; }

    public int InUse => _inUse;

    public bool IsHeld => Limit is not null && (_held > 0 || _inUse > 0);

    /// <summary>Refused of late: the answer from memory.</summary>
    public bool IsRefused => timeProvider.GetElapsedTime(_refusedAt) < _refusedFor;

    private bool IsLeased => timeProvider.GetElapsedTime(_heldAt) < _heldFor;

    public bool TryTake() => TryTake(IsLeased ? _held : 0);

    public bool TryTakeAlone(int replicas) => TryTake(Math.Max(IsLeased ? _held : 0, Math.Max(1, (Limit ?? 0) / replicas)));

    public void GiveBack() => _inUse--;

    public void BeginWait() => _waiting++;

    public void EndWait() => _waiting--;

    public void Refuse() => (_refusedAt, _refusedFor) = (timeProvider.GetTimestamp(), RefusalHolds);

    /// <param name="isNeeded">A call waits for a place.</param>
    /// <param name="isIdle">What is not in use goes back; otherwise what was in use since the last time is kept.</param>
    public SlotAsk Ask(bool isNeeded, bool isIdle)
    {
        if (Limit is not { } limit)
        {
            // Calls from before a limit was taken away still end here.
            return default;
        }

        var target = isNeeded ? _inUse + Math.Max(1, _waiting) + (limit / SparePart) : isIdle ? _inUse : Math.Max(_inUse, _peak);
        _peak = _inUse;
        return new(limit, _inUse, Math.Min(target, Math.Max(limit, _inUse)), isNeeded);
    }

    public void Answered(SlotAsk ask, int granted, TimeSpan lease) =>
        (_held, _heldAt, _heldFor) = ask.Limit == Limit ? (granted, timeProvider.GetTimestamp(), lease) : (0, 0, TimeSpan.Zero);

    private bool TryTake(int most)
    {
        if (Limit is not null && _inUse >= most)
        {
            return false;
        }

        _inUse++;
        _peak = Math.Max(_peak, _inUse);
        return true;
    }
}

/// <summary>What a replica asks of the places in flight. All zero when there is no limit.</summary>
/// <param name="InUse">Cannot be taken from it any more.</param>
/// <param name="Target">How many it would have, in all.</param>
internal readonly record struct SlotAsk(int Limit, int InUse, int Target, bool IsNeeded);
