namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// What this replica knows of one run's log: the newest frames when the run executes here, otherwise only that something was
/// appended. Readers pull from it at their own pace, so a slow one costs nothing.
/// </summary>
internal sealed class RunFeed
{
    private const int TailFrames = 512;
    private const int TailBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<LoggedFrame> _tail = [];
    private TaskCompletionSource _changed = NewSignal();
    private LogPlace _head;
    private int _tailBytes;
    private bool _keepsAll;
    private long _version;

    /// <summary>Set while the run executes here: then the tail is always at the head of the log.</summary>
    public bool IsLocal { get; private set; }

    /// <summary>Another one after every change; taken before reading, it makes <see cref="WaitAsync"/> miss nothing.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <param name="head">How far the log has come already.</param>
    public void AttachWriter(LogPlace head)
    {
        lock (_gate)
        {
            Clear();
            IsLocal = true;
            _head = head;
        }
    }

    /// <summary>From now on the log alone knows how the run goes on.</summary>
    public void DetachWriter()
    {
        lock (_gate)
        {
            IsLocal = false;
        }

        Signal();
    }

    /// <summary>Readers of older epochs go on with this frame.</summary>
    /// <param name="keepsAll">The epoch is nowhere else, so all of it stays here until <see cref="MayForget"/>.</param>
    public void StartEpoch(LoggedFrame first, bool keepsAll)
    {
        lock (_gate)
        {
            Clear();
            _keepsAll = keepsAll;
        }

        Append(first);
    }

    public void MayForget()
    {
        lock (_gate)
        {
            _keepsAll = false;
            TrimIfLong();
        }
    }

    public void Append(LoggedFrame frame)
    {
        lock (_gate)
        {
            _tail.Add(frame);
            _tailBytes += frame.Utf8.Length;
            _head = frame.Place;
            TrimIfLong();
        }

        Signal();
    }

    public void Hint() => Signal();

    /// <summary>Moves a reader that stands in an older epoch to the start of this one; the writer is here and knows which is the newest.</summary>
    public LogPlace Locate(LogPlace place)
    {
        lock (_gate)
        {
            return IsLocal && place.Epoch != _head.Epoch ? new(_head.Epoch, 0) : place;
        }
    }

    /// <returns>Null when the tail does not reach back that far or is not kept here: read the log.</returns>
    public IReadOnlyList<LoggedFrame>? ReadTail(LogPlace after)
    {
        lock (_gate)
        {
            if (IsLocal && (after.Epoch != _head.Epoch || after.Seq >= _head.Seq))
            {
                return [];
            }

            // Seqs have no gaps, so a frame's place follows from its seq.
            var from = _tail.Count == 0 || after.Epoch != _head.Epoch ? -1 : after.Seq + 1 - _tail[0].Seq;
            return from < 0 || from >= _tail.Count ? null : _tail.GetRange((int)from, _tail.Count - (int)from);
        }
    }

    /// <summary>Returns when something changed since <paramref name="version"/>, at the latest after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(long version, TimeSpan atMost, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            if (_version != version)
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
    private void TrimIfLong()
    {
        while (!_keepsAll && (_tail.Count > TailFrames || _tailBytes > TailBytes))
        {
            var drop = (_tail.Count + 1) / 2;
            _tailBytes -= _tail.Take(drop).Sum(frame => frame.Utf8.Length);
            _tail.RemoveRange(0, drop);
        }
    }

    private void Clear()
    {
        _tail.Clear();
        _tailBytes = 0;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _version++;
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }
}
