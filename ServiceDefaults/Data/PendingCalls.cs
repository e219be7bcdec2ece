namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// The calls that wait for an answer, the first due first, with one timer for all of them. It stays set when a call is answered and is set anew when
/// it rings, so once in a bound, however many calls there are.
/// </summary>
internal sealed class PendingCalls : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private PendingCall? _first;
    private PendingCall? _last;
    private long _ringsAt = long.MaxValue;
    private bool _isDisposed;

    public PendingCalls(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(static calls => ((PendingCalls)calls!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(PendingCall call)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                End(call, new ObjectDisposedException(nameof(RedisClient)));
                return;
            }

            // Nearly always the last: all have the same bound but those that waited for a connection first.
            var before = _last;
            while (before is not null && before.DueAt > call.DueAt)
            {
                before = before.Previous;
            }

            var after = before is null ? _first : before.Next;
            (call.Previous, call.Next) = (before, after);
            _first = before is null ? call : _first;
            _last = after is null ? call : _last;
            _ = before?.Next = call;
            _ = after?.Previous = call;
            if (call.DueAt < _ringsAt)
            {
                Set(call.DueAt);
            }
        }
    }

    public void Remove(PendingCall call)
    {
        lock (_gate)
        {
            if (call.Previous is null && _first != call)
            {
                return;
            }

            Unlink(call);
        }
    }

    /// <summary>Nothing waits for a server any more: some answers would never come.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            while (_first is { } first)
            {
                Unlink(first);
                End(first, new ObjectDisposedException(nameof(RedisClient)));
            }
        }
    }

    private void Expire()
    {
        lock (_gate)
        {
            var now = _timeProvider.GetTimestamp();
            while (_first is { } first && first.DueAt <= now)
            {
                Unlink(first);
                End(first, new TimeoutException());
            }

            _ringsAt = long.MaxValue;
            if (_first is { } next)
            {
                Set(next.DueAt);
            }
        }
    }

    // Its caller goes on there, and keeps nobody else waiting.
    private static void End(PendingCall call, Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(static end => end.Call.Fail(end.Exception), (Call: call, Exception: exception), preferLocal: false);

    private void Set(long at)
    {
        _ringsAt = at;

        // Timers count whole milliseconds and drop what is over.
        var wait = Math.Ceiling(_timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), at).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 0)), Timeout.InfiniteTimeSpan);
    }

    private void Unlink(PendingCall call)
    {
        _first = call.Previous is null ? call.Next : _first;
        _last = call.Next is null ? call.Previous : _last;
        _ = call.Previous?.Next = call.Next;
        _ = call.Next?.Previous = call.Previous;
        (call.Previous, call.Next) = (null, null);
    }
}
