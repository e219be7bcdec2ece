namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>The newest spans, and their traces by id.</summary>
internal sealed class SpanStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TraceId, StoredTrace> _traces = [];
    private readonly HashSet<TraceId> _changed = [];
    private readonly Ring<StoredSpan> _ring;

    public SpanStore(TelemetryLimits limits) => _ring = new(limits.MaxSpans, limits.MaxSpanBytes, Forget);

    public ArrivalSignal Arrived { get; } = new();

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

    public void Add(IReadOnlyList<StoredSpan> spans)
    {
        lock (_gate)
        {
            foreach (var span in spans)
            {
                if (!_traces.TryGetValue(span.TraceId, out var trace))
                {
                    trace = _traces[span.TraceId] = new StoredTrace(span.TraceId);
                }

                trace.Add(span);
                _changed.Add(span.TraceId);
                _ring.Add(span);
            }
        }

        Arrived.Set();
    }

    public List<StoredSpan> After(long id)
    {
        lock (_gate)
        {
            return _ring.After(id);
        }
    }

    /// <summary>What is kept of a trace: its spans in order of arrival, and whether there were more.</summary>
    public (List<StoredSpan> Spans, bool IsTruncated)? Find(TraceId id)
    {
        lock (_gate)
        {
            return _traces.TryGetValue(id, out var trace) ? ([.. trace.Spans], trace.IsTruncated) : null;
        }
    }

    /// <summary>Every trace at a glance, in no order.</summary>
    public List<TraceSummary> Summaries()
    {
        lock (_gate)
        {
            return [.. _traces.Values.Select(t => t.Summary)];
        }
    }

    /// <summary>The traces that got spans since this was last asked; none, and they are forgotten, where nobody wants to know.</summary>
    /// <param name="isWanted">Asked while nothing new can come, so that nothing is forgotten that came after somebody had begun to listen.</param>
    public List<TraceSummary> TakeChanged(Func<bool> isWanted)
    {
        lock (_gate)
        {
            List<TraceSummary> changed = isWanted() ? [.. _changed.Where(_traces.ContainsKey).Select(id => _traces[id].Summary)] : [];
            _changed.Clear();
            return changed;
        }
    }

    public void Clear(string? resource)
    {
        lock (_gate)
        {
            _ring.RemoveWhere(s => s.Resource.IsCalled(resource));
            foreach (var trace in _traces.Values.Where(t => t.Remove(resource)).ToList())
            {
                _traces.Remove(trace.Id);
            }
        }
    }

    private void Forget(StoredSpan oldest)
    {
        if (_traces.TryGetValue(oldest.TraceId, out var trace) && trace.DropOldest())
        {
            _traces.Remove(oldest.TraceId);
            _changed.Remove(oldest.TraceId);
        }
    }
}
