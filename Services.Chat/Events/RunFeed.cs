namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// What this replica knows of one run's log: the newest frames when the run executes here, otherwise only how far the log
/// has come. Readers pull from it at their own pace, so a slow one costs nothing.
/// </summary>
internal sealed class RunFeed
{
    private const int TailFrames = 512;
    private const int TailBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<LoggedFrame> _tail = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _tailBytes;
    private long _head;

    /// <summary>Set while the run executes here: then the tail is always at the head of the log.</summary>
    public bool IsLocal { get; private set; }

    /// <summary>Set when the log could not be written any more; no further frame will come.</summary>
    public bool IsBroken { get; private set; }

    public void AttachWriter() => IsLocal = true;

    public void DetachWriter(bool broken)
    {
        IsBroken = broken;
        IsLocal = false;
        Signal();
    }

    public void Append(LoggedFrame frame)
    {
        lock (_gate)
        {
            // Another replica wrote in between; the log has what this tail misses.
            if (_tail.Count > 0 && _tail[^1].Seq + 1 != frame.Seq)
            {
                _tail.Clear();
                _tailBytes = 0;
            }

            _tail.Add(frame);
            _tailBytes += frame.Utf8.Length;
            _head = frame.Seq;
            if (_tail.Count > TailFrames || _tailBytes > TailBytes)
            {
                Trim();
            }
        }

        Signal();
    }

    public void Hint(long seq)
    {
        lock (_gate)
        {
            if (seq <= _head)
            {
                return;
            }

            _head = seq;
        }

        Signal();
    }

    /// <returns>Null when the tail does not reach back that far or is not kept here: read the log.</returns>
    public IReadOnlyList<LoggedFrame>? ReadTail(long afterSeq)
    {
        lock (_gate)
        {
            if (_tail.Count == 0)
            {
                return IsLocal && _head == 0 && afterSeq == 0 ? [] : null;
            }

            // Seqs have no gaps, so a frame's place follows from its seq.
            var from = afterSeq + 1 - _tail[0].Seq;
            if (from < 0 || (from >= _tail.Count && !IsLocal))
            {
                return null;
            }

            return from >= _tail.Count ? [] : _tail.GetRange((int)from, _tail.Count - (int)from);
        }
    }

    /// <summary>Returns when something changed since <paramref name="afterSeq"/> was read, at the latest after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(long afterSeq, TimeSpan atMost, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            if (_head > afterSeq)
            {
                return;
            }

            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(atMost, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks at the log itself: hints can be lost.
        }
    }

    // Half at once: dropping one frame per frame would move the rest each time.
    private void Trim()
    {
        var drop = _tail.Count / 2;
        _tailBytes -= _tail.Take(drop).Sum(frame => frame.Utf8.Length);
        _tail.RemoveRange(0, drop);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }
}
