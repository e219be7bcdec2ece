namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>
/// A replica's part of a limit per minute. The whole is a bucket in Redis that holds a minute's worth and fills evenly; what this replica took out of it
/// beforehand it spends without asking anybody. While Redis is away the part fills by itself, at this replica's fraction of the rate. Guarded by its owner.
/// </summary>
internal sealed class RateShare(TimeProvider timeProvider)
{
    // Small enough that what one replica holds unused is no loss to the others, large enough that few calls wait for more.
    private const int SlicesPerMinute = 16;

    // Whoever was told that nothing is left does not ask again with every call.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private double _here;
    private double _there;
    private double _waiting;
    private long _filledAt;
    private long _emptyAt;
    private TimeSpan _emptyFor;

    /// <summary>Per minute, over all replicas; null for none.</summary>
    public int? Limit { get; private set; }

    /// <summary>How much of the minute's worth is left, as far as this replica knows.</summary>
    public double Left => Limit is { } limit ? Math.Clamp(_here + _there, 0, limit) : 0;

    public bool IsLow => Limit is not null && _here < Slice / 2 && UntilFilled == TimeSpan.Zero;

    /// <summary>It holds something for nobody, or spent more than it had.</summary>
    public bool IsUneven => _here is > 0 or < 0;

    private double Slice => Math.Max(1, (Limit ?? 0) / SlicesPerMinute);

    private TimeSpan UntilFilled => _emptyFor - timeProvider.GetElapsedTime(_emptyAt) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public void SetLimit(int? limit)
    {
        if (limit != Limit)
        {
            // What it held was of another rate; the bucket in Redis fills it again.
            (Limit, _here, _there, _emptyFor) = (limit, Math.Min(_here, 0), limit ?? 0, TimeSpan.Zero);
        }
    }

    /// <returns>Null when it is taken; zero when Redis may have more; otherwise how long to wait.</returns>
    public TimeSpan? TryTake(double amount)
    {
        if (Limit is null)
        {
            return null;
        }

        amount = AtMost(amount);
        if (_here < amount)
        {
            return UntilFilled;
        }

        _here -= amount;
        return null;
    }

    /// <inheritdoc cref="TryTake"/>
    /// <remarks>Without Redis, as one of so many replicas: never more than their even part, and never nothing for good.</remarks>
    public TimeSpan? TryTakeAlone(double amount, int replicas)
    {
        if (Limit is not { } limit)
        {
            return null;
        }

        var rate = limit / (double)replicas;
        var most = Math.Max(1, rate);
        var now = timeProvider.GetTimestamp();
        _here = Math.Min(most, _here + (rate * timeProvider.GetElapsedTime(_filledAt, now).TotalMinutes));
        (_filledAt, _there) = (now, 0);
        amount = Math.Min(amount, most);

        if (_here < amount)
        {
            return TimeSpan.FromMinutes((amount - _here) / rate);
        }

        _here -= amount;
        return null;
    }

    /// <summary>Takes back what was taken too much, or takes what was taken too little and is owed then.</summary>
    public void Correct(double amount) => _here += Limit is null ? 0 : amount;

    public void BeginWait(double amount) => _waiting += AtMost(amount);

    public void EndWait(double amount) => _waiting = Math.Max(0, _waiting - AtMost(amount));

    /// <summary>From now on it fills by itself.</summary>
    public void LeaveAlone() => _filledAt = timeProvider.GetTimestamp();

    /// <summary>What filled by itself is not the bucket's.</summary>
    public void Rejoin() => _here = Math.Min(_here, 0);

    public RateAsk Look() => new(Limit ?? 0, Owed: 0, Back: 0, Need: 0, Want: 0);

    /// <param name="need">Of the call that asks; less is no use to it.</param>
    /// <param name="isIdle">Nothing is kept in hand.</param>
    public RateAsk Ask(double need, bool isIdle)
    {
        if (Limit is not { } limit)
        {
            return default;
        }

        need = Math.Max(0, AtMost(need) - Math.Max(0, _here));
        var ask = isIdle
            ? new RateAsk(limit, Owed: Math.Max(0, -_here), Back: Math.Max(0, _here), Need: 0, Want: 0)
            : new RateAsk(limit, Owed: Math.Max(0, -_here), Back: 0, need, Want: Math.Max(need, _waiting + Slice - Math.Max(0, _here)));
        _here = isIdle ? 0 : Math.Max(0, _here);
        return ask;
    }

    /// <summary>Nobody answered: what is owed stays owed, and what was given back the bucket fills again.</summary>
    public void Unanswered(RateAsk ask) => _here -= ask.Owed;

    public void Answered(RateAsk ask, double granted, double left, TimeSpan wait)
    {
        if (ask.Limit != Limit)
        {
            return;
        }

        _here += granted;
        _there = left;
        (_emptyAt, _emptyFor) = (timeProvider.GetTimestamp(), granted < ask.Need ? (wait > ShortestPause ? wait : ShortestPause) : TimeSpan.Zero);
    }

    // A call that is estimated at more than a whole minute's worth needs all of it, and owes the rest.
    private double AtMost(double amount) => Math.Min(amount, Limit ?? 0);
}

/// <summary>What a replica asks of the bucket. All zero when there is no limit.</summary>
/// <param name="Owed">Spent already without having been taken.</param>
/// <param name="Back">Taken and not needed.</param>
/// <param name="Need">The least that is of use.</param>
internal readonly record struct RateAsk(int Limit, double Owed, double Back, double Need, double Want);
