namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>The newest log records.</summary>
internal sealed class LogStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Ring<StoredLog> _ring = new(limits.MaxLogs, limits.MaxLogBytes);

    public ArrivalSignal Arrived { get; } = new();

    public long LastId
    {
        get
        {
            lock (_gate)
            {
                return _ring.LastId;
            }
        }
    }

    public SignalStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new(_ring.Count, _ring.Received, _ring.Dropped, _ring.Bytes);
            }
        }
    }

    public void Add(IReadOnlyList<StoredLog> logs)
    {
        lock (_gate)
        {
            foreach (var log in logs)
            {
                _ring.Add(log);
            }
        }

        Arrived.Set();
    }

    public List<StoredLog> After(long id)
    {
        lock (_gate)
        {
            return _ring.After(id);
        }
    }

    public void Clear(string? resource)
    {
        lock (_gate)
        {
            _ring.RemoveWhere(l => l.Resource.IsCalled(resource));
        }
    }
}
