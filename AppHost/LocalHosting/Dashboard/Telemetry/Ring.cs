namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>The newest items, bounded by count and bytes; what had to go for that is counted. Not for several threads at once.</summary>
internal sealed class Ring<T>(int maxCount, long maxBytes, Action<T>? dropped = null)
    where T : StoredItem
{
    private T?[] _items = new T?[16];
    private int _first;
    private long _lastId;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>All that were ever added.</summary>
    public long Received { get; private set; }

    /// <summary>How many the bounds pushed out.</summary>
    public long Dropped { get; private set; }

    public long LastId => _lastId;

    /// <summary>From the oldest on.</summary>
    public T this[int index] => _items[(_first + index) % _items.Length]!;

    public void Add(T item)
    {
        item.Id = ++_lastId;
        Received++;
        Append(item);
        while (Count > maxCount || (Bytes > maxBytes && Count > 1))
        {
            var oldest = RemoveOldest();
            Dropped++;
            dropped?.Invoke(oldest);
        }
    }

    /// <summary>Those that came after the one with this id, oldest first.</summary>
    public List<T> After(long id)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = this[middle].Id <= id ? (middle + 1, high) : (low, middle);
        }

        var items = new List<T>(Count - low);
        for (var i = low; i < Count; i++)
        {
            items.Add(this[i]);
        }

        return items;
    }

    public List<T> All() => After(0);

    /// <summary>Takes out what somebody wants to see no more; that is no drop.</summary>
    public void RemoveWhere(Func<T, bool> isUnwanted, Action<T>? removed = null)
    {
        var kept = All();
        _items = new T?[16];
        (_first, Count, Bytes) = (0, 0, 0);
        foreach (var item in kept)
        {
            if (isUnwanted(item))
            {
                removed?.Invoke(item);
            }
            else
            {
                Append(item);
            }
        }
    }

    private void Append(T item)
    {
        if (Count == _items.Length)
        {
            var larger = new T?[Count * 2];
            for (var i = 0; i < Count; i++)
            {
                larger[i] = this[i];
            }

            (_items, _first) = (larger, 0);
        }

        _items[(_first + Count) % _items.Length] = item;
        Count++;
        Bytes += item.Size;
    }

    private T RemoveOldest()
    {
        var oldest = this[0];
        _items[_first] = null;
        _first = (_first + 1) % _items.Length;
        Count--;
        Bytes -= oldest.Size;
        return oldest;
    }
}
