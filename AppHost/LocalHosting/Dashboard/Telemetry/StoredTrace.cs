namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>A trace at a glance, as long as no span of it comes or goes.</summary>
internal sealed record TraceSummary(TraceId Id, StoredSpan Root, ulong Start, ulong End, int Spans, int Errors, IReadOnlyList<ResourceShare> Resources, IReadOnlyList<StoredSpan> GenAi)
{
    public double DurationMs => (End - Start) / 1e6;
}

/// <summary>A service's part in a trace.</summary>
internal sealed record ResourceShare(string Name, int Spans, int Errors);

/// <summary>The spans of one trace in order of arrival. Guarded by its store.</summary>
internal sealed class StoredTrace(TraceId id)
{
    private Queue<StoredSpan> _spans = new();
    private TraceSummary? _summary;

    public TraceId Id { get; } = id;

    public IReadOnlyCollection<StoredSpan> Spans => _spans;

    /// <summary>Older spans of it had to go.</summary>
    public bool IsTruncated { get; private set; }

    public TraceSummary Summary => _summary ??= Summarise();

    public void Add(StoredSpan span)
    {
        _spans.Enqueue(span);
        _summary = null;
    }

    /// <returns>Whether it was the last.</returns>
    public bool DropOldest()
    {
        _spans.Dequeue();
        _summary = null;
        IsTruncated = true;
        return _spans.Count == 0;
    }

    /// <returns>Whether nothing is left.</returns>
    public bool Remove(string? resource)
    {
        _spans = new(_spans.Where(s => !s.Resource.IsCalled(resource)));
        _summary = null;
        return _spans.Count == 0;
    }

    private TraceSummary Summarise()
    {
        var root = _spans.Peek();
        var (start, end, errors) = (ulong.MaxValue, 0UL, 0);
        var shares = new List<(string Name, int Spans, int Errors)>(4);
        List<StoredSpan>? genAi = null;
        foreach (var span in _spans)
        {
            root = IsNearerToRoot(span, root) ? span : root;
            start = Math.Min(start, span.Start);
            end = Math.Max(end, span.End);
            errors += span.IsError ? 1 : 0;
            Share(shares, span);
            if (span.IsGenAi)
            {
                (genAi ??= []).Add(span);
            }
        }

        return new(Id, root, start, Math.Max(start, end), _spans.Count, errors, [.. shares.Select(s => new ResourceShare(s.Name, s.Spans, s.Errors))], genAi ?? []);
    }

    private static bool IsNearerToRoot(StoredSpan span, StoredSpan than) =>
        (span.ParentId == 0) == (than.ParentId == 0) ? span.Start < than.Start : span.ParentId == 0;

    // A trace has few services: looking through them is quicker than a dictionary.
    private static void Share(List<(string Name, int Spans, int Errors)> shares, StoredSpan span)
    {
        var errors = span.IsError ? 1 : 0;
        for (var i = 0; i < shares.Count; i++)
        {
            if (shares[i].Name == span.Resource.Name)
            {
                shares[i] = (shares[i].Name, shares[i].Spans + 1, shares[i].Errors + errors);
                return;
            }
        }

        shares.Add((span.Resource.Name, 1, errors));
    }
}
