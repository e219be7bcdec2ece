namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Units of work on their way to the threads, in the order in which they came. A thread that waits for one is parked at once: the framework's own
/// collection spins first, and the processor it takes for that is missing where the work is done.
/// </summary>
internal sealed class WorkQueue(int length)
{
    // Monitor's own lock, for its Wait and Pulse.
    private readonly object _gate = new();
    private readonly Queue<WorkItem> _items = new();
    private bool _hasEnded;

    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _hasEnded;
            }
        }
    }

    /// <returns><see langword="false"/> when it is full.</returns>
    public bool TryAdd(WorkItem item)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_hasEnded, this);
            if (_items.Count >= length)
            {
                return false;
            }

            _items.Enqueue(item);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for the next one.</summary>
    /// <returns>Null when it has ended and is empty.</returns>
    public WorkItem? Take()
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }

            return _items.TryDequeue(out var item) ? item : null;
        }
    }

    /// <summary>Takes no more; what is in it is still done.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }
}
