using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>What this replica has of one subject's limits.</summary>
internal sealed class LimitShare(LimitSubject subject, TimeProvider timeProvider)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly RateShare _requests = new(timeProvider);
    private readonly RateShare _tokens = new(timeProvider);
    private readonly SlotShare _slots = new(timeProvider);
    private Task? _exchange;
    private CallerLimits? _limits;
    private long _usedAt = timeProvider.GetTimestamp();
    private bool _isAlone;
    private bool _isForgotten;

    public LimitSubject Subject { get; } = subject;

    /// <summary>Takes of every limit what a call needs, or of none.</summary>
    /// <param name="aloneAmong">While Redis is away: how many replicas there are; null otherwise.</param>
    public Verdict TryAdmit(CallerLimits limits, long tokens, int? aloneAmong)
    {
        lock (_gate)
        {
            Begin(limits, aloneAmong is not null);

            if (aloneAmong is { } replicas ? !_slots.TryTakeAlone(replicas) : !_slots.TryTake())
            {
                return new(LimitKind.Concurrency, aloneAmong is null && !_slots.IsRefused ? TimeSpan.Zero : Idle);
            }

            if ((aloneAmong is { } all ? _requests.TryTakeAlone(1, all) : _requests.TryTake(1)) is { } wait)
            {
                _slots.GiveBack();
                return new(LimitKind.Requests, wait);
            }

            if ((aloneAmong is { } some ? _tokens.TryTakeAlone(tokens, some) : _tokens.TryTake(tokens)) is { } longer)
            {
                _requests.Correct(1);
                _slots.GiveBack();
                return new(LimitKind.Tokens, longer);
            }

            return Verdict.Admitted;
        }
    }

    /// <summary>The call is over.</summary>
    /// <param name="requests">How many requests come back: 1 for a call that was not made after all.</param>
    /// <param name="tokens">How many tokens come back, or were used beyond what was taken.</param>
    public void Release(int requests, double tokens)
    {
        lock (_gate)
        {
            _slots.GiveBack();
            _requests.Correct(requests);
            _tokens.Correct(tokens);
        }
    }

    public void BeginWait(long tokens)
    {
        lock (_gate)
        {
            _slots.BeginWait();
            _requests.BeginWait(1);
            _tokens.BeginWait(tokens);
        }
    }

    public void EndWait(long tokens)
    {
        lock (_gate)
        {
            _slots.EndWait();
            _requests.EndWait(1);
            _tokens.EndWait(tokens);
        }
    }

    /// <summary>No place came in time: for a moment the answer is the same for everybody.</summary>
    public void RefusePlaces()
    {
        lock (_gate)
        {
            _slots.Refuse();
        }
    }

    public bool IsLow
    {
        get
        {
            lock (_gate)
            {
                return _requests.IsLow || _tokens.IsLow;
            }
        }
    }

    /// <summary>There is something to renew, to give back or to pay.</summary>
    public bool IsDue
    {
        get
        {
            lock (_gate)
            {
                return _slots.IsHeld || ((_requests.IsUneven || _tokens.IsUneven) && IsUnused);
            }
        }
    }

    /// <returns>False when it was forgotten meanwhile; there is a new one then.</returns>
    public bool TryUse()
    {
        lock (_gate)
        {
            _usedAt = timeProvider.GetTimestamp();
            return !_isForgotten;
        }
    }

    /// <summary>Forgets what nobody has used for long, and holds nothing.</summary>
    public bool TryForget()
    {
        lock (_gate)
        {
            return _isForgotten = _slots.InUse == 0 && timeProvider.GetElapsedTime(_usedAt) > Forgotten;
        }
    }

    private bool IsUnused => timeProvider.GetElapsedTime(_usedAt) >= Idle;

    /// <summary>One exchange at a time: who comes while one is on its way gets that one.</summary>
    public Task ExchangeOnceAsync(Func<Task> exchange)
    {
        lock (_gate)
        {
            return _exchange is { IsCompleted: false } ? _exchange : _exchange = exchange();
        }
    }

    /// <param name="tokens">What the call needs that waits; null when none does.</param>
    /// <param name="isIdle">Everything that is not in use goes back.</param>
    public LimitAsk Ask(long? tokens, bool isIdle)
    {
        lock (_gate)
        {
            // What fills by itself has nothing to do with the bucket: only whether Redis is back is asked then.
            var givesBack = isIdle || (tokens is null && IsUnused);
            return new(
                _isAlone ? _requests.Look() : _requests.Ask(tokens is null ? 0 : 1, givesBack),
                _isAlone ? _tokens.Look() : _tokens.Ask(tokens ?? 0, givesBack),
                _slots.Ask(tokens is not null, isIdle));
        }
    }

    public void Unanswered(LimitAsk ask)
    {
        lock (_gate)
        {
            _requests.Unanswered(ask.Requests);
            _tokens.Unanswered(ask.Tokens);
        }
    }

    public void Answered(LimitAsk ask, LimitAnswer answer, TimeSpan lease)
    {
        lock (_gate)
        {
            _requests.Answered(ask.Requests, answer.Requests, answer.RequestsLeft, answer.RequestsWait);
            _tokens.Answered(ask.Tokens, answer.Tokens, answer.TokensLeft, answer.TokensWait);
            _slots.Answered(ask.Slots, answer.Slots, lease);
        }
    }

    public RateLimitStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new(_requests.Limit, _requests.Left, _tokens.Limit, _tokens.Left);
            }
        }
    }

    private void Begin(CallerLimits limits, bool isAlone)
    {
        _usedAt = timeProvider.GetTimestamp();

        if (limits != _limits)
        {
            _limits = limits;
            _requests.SetLimit(limits.RequestsPerMinute);
            _tokens.SetLimit(limits.TokensPerMinute);
            _slots.Limit = limits.Concurrency;
        }

        if (isAlone != _isAlone)
        {
            _isAlone = isAlone;
            foreach (var rate in (RateShare[])[_requests, _tokens])
            {
                if (isAlone)
                {
                    rate.LeaveAlone();
                }
                else
                {
                    rate.Rejoin();
                }
            }
        }
    }
}

internal enum LimitKind
{
    None,
    Requests,
    Tokens,
    Concurrency,
}

/// <param name="Limit">The one that a call is too much for; none when it is admitted.</param>
/// <param name="Wait">Zero when Redis may have more.</param>
internal readonly record struct Verdict(LimitKind Limit, TimeSpan Wait)
{
    public static readonly Verdict Admitted = new(LimitKind.None, TimeSpan.Zero);

    public bool IsAdmitted => Limit == LimitKind.None;

    public bool IsFinal => IsAdmitted || Wait > TimeSpan.Zero;
}

internal readonly record struct LimitAsk(RateAsk Requests, RateAsk Tokens, SlotAsk Slots);

/// <summary>What Redis gave, what it has left, and when it has what was needed.</summary>
internal readonly record struct LimitAnswer(
    double Requests, double RequestsLeft, TimeSpan RequestsWait, double Tokens, double TokensLeft, TimeSpan TokensWait, int Slots);

/// <summary>Where a subject stands; what has no limit is null.</summary>
internal readonly record struct RateLimitStatus(int? RequestLimit, double RequestsLeft, int? TokenLimit, double TokensLeft);
