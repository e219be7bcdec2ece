namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>
/// One budget in one of its periods, as this replica sees it: the slice it holds, what its calls under way have set aside of it, and what
/// they came to that Redis does not know yet. A call is let in while something of the slice is free, so each replica may go over it by one
/// call, and by what calls cost beyond what was set aside for them.
/// </summary>
internal sealed class BudgetWindow(Budget budget, DateOnly start, TimeProvider timeProvider)
{
    // A slice is this part of the budget, and near its end this part of the rest, so that other replicas get some.
    private const int SlicesOfBudget = 50;
    private const int SlicesOfRest = 4;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<int> _reached = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Budget _budget = budget;
    private long _lease;
    private long _leasedAt;
    private TimeSpan _leaseTime;
    private long _reserved;
    private long _unsettled;
    private long _spent;
    private long _lastReserve = 1;
    private long _usedAt = timeProvider.GetTimestamp();
    private long? _seed;
    private bool _isHeard;
    private bool _isKnown;
    private bool _isSeeding;
    private bool _isWanted;
    private bool _isClosed;

    public BudgetKey Key => _budget.Key;

    public DateOnly Start => start;

    public DateTimeOffset End => BudgetPeriod.EndOf(_budget.Period, start);

    public Budget Budget
    {
        get => Volatile.Read(ref _budget);
        set => Volatile.Write(ref _budget, value);
    }

    /// <summary>In Redis. The practice is in it as in every key.</summary>
    public string RedisKey { get; } = $"budget:{budget.Key.PracticeId:N}:{budget.Key.Scope}:{budget.Key.SubjectId:N}:{budget.Period}:{start:yyyyMMdd}";

    /// <summary>What was spent before Redis counted, from the rows; sent until Redis has it.</summary>
    public long? Seed
    {
        get
        {
            lock (_gate)
            {
                return _seed;
            }
        }
    }

    /// <summary>Ends at the next word from Redis.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Nothing is under way, nothing unsaid, and nobody has asked for a while.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _reserved == 0 && _unsettled == 0 && !_isWanted && timeProvider.GetElapsedTime(_usedAt) > IdleAfter;
            }
        }
    }

    /// <summary>More is wanted than is held.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_gate)
            {
                return _isWanted;
            }
        }
    }

    /// <summary>Sets aside what a call may cost, if anything of the slice is free.</summary>
    public BudgetVerdict TryReserve(long amount, out bool wants)
    {
        lock (_gate)
        {
            _usedAt = timeProvider.GetTimestamp();
            _lastReserve = Math.Max(1, amount);
            wants = false;

            if (_isClosed)
            {
                return BudgetVerdict.Closed;
            }

            if (_isKnown && _spent + _unsettled >= Budget.Limit)
            {
                return BudgetVerdict.Spent;
            }

            var left = timeProvider.GetElapsedTime(_leasedAt) < _leaseTime ? _lease - _reserved - _unsettled : 0;

            if (left > 0)
            {
                _reserved += amount;
                wants = !_isWanted && left - amount < Slice() / 2;
                _isWanted |= wants;
                return BudgetVerdict.Granted;
            }

            wants = true;
            _isWanted = true;
            return _isKnown ? BudgetVerdict.Held : BudgetVerdict.Unknown;
        }
    }

    /// <returns>True for who is to look into the rows now, because Redis does not know what was spent before.</returns>
    public bool TryBeginSeeding()
    {
        lock (_gate)
        {
            var begins = _isHeard && !_isKnown && !_isSeeding && _seed is null;
            _isSeeding |= begins;
            return begins;
        }
    }

    /// <summary>It is told to Redis with the next batch.</summary>
    /// <param name="spent">Null when that could not be found out.</param>
    public void EndSeeding(long? spent)
    {
        lock (_gate)
        {
            (_seed, _isSeeding, _isWanted) = (spent, false, true);
        }
    }

    /// <summary>Nobody gets anything of it any more, unless somebody just has.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            return _isClosed = _reserved == 0 && _unsettled == 0 && !_isWanted && timeProvider.GetElapsedTime(_usedAt) > IdleAfter;
        }
    }

    public void GiveBack(long amount)
    {
        lock (_gate)
        {
            _reserved -= amount;
        }
    }

    /// <summary>The call is over: what was set aside is free, what it came to is to be told to Redis.</summary>
    public void Settle(long amount, long cost)
    {
        lock (_gate)
        {
            (_reserved, _unsettled) = (_reserved - amount, _unsettled + cost);
        }
    }

    /// <summary>What is to be held after <paramref name="cost"/> is told: for calls under way, for what is not told yet, and for those that come.</summary>
    public long Target(long cost, bool isEnding)
    {
        var isIdle = IsIdle || isEnding;

        lock (_gate)
        {
            return Math.Min(Nano.Most, _reserved + _unsettled - cost + (isIdle ? 0 : Slice()));
        }
    }

    /// <param name="cost">What Redis was told with the question.</param>
    /// <param name="askedAt">When it was asked, on our clock: the lease runs from there, so it ends here before it does there.</param>
    /// <returns>Thresholds, in percent, that were reached since the last word.</returns>
    public IReadOnlyList<int> Hear(long cost, BudgetAnswer answer, long askedAt, TimeSpan lease)
    {
        lock (_gate)
        {
            _unsettled -= cost;
            (_lease, _leasedAt, _leaseTime, _spent) = (answer.Lease, askedAt, lease, answer.Spent);
            (_isHeard, _isKnown, _isWanted) = (true, answer.IsSeeded, false);
            _seed = answer.IsSeeded ? null : _seed;
            var changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
            return answer.IsSeeded ? Reached() : [];
        }
    }

    private List<int> Reached() => Budget.Limit == 0
        ? []
        : [.. Budget.Thresholds.Where(threshold => (decimal)_spent * 100 >= (decimal)Budget.Limit * threshold && _reached.Add(threshold))];

    private long Slice() => Math.Max(_lastReserve, Math.Min(Budget.Limit / SlicesOfBudget, (Budget.Limit - _spent) / SlicesOfRest));
}

internal enum BudgetVerdict
{
    Granted,

    /// <summary>All of it, until the period is over.</summary>
    Spent,

    /// <summary>This replica holds nothing of it that is free.</summary>
    Held,

    /// <summary>Redis has not said anything yet.</summary>
    Unknown,

    /// <summary>It was given up for want of calls; there is a new one, or will be.</summary>
    Closed,
}

/// <summary>What Redis says of one budget.</summary>
/// <param name="Lease">What this replica holds from now on.</param>
/// <param name="Spent">By all replicas.</param>
/// <param name="IsSeeded">False when what was spent before is not known there; nothing is lent then.</param>
internal sealed record BudgetAnswer(long Lease, long Spent, bool IsSeeded);
