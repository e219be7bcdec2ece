using Aspire.Hosting.Dashboard.Receiver;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>A service that sent something.</summary>
internal sealed record ResourceSummary(string Name, IReadOnlyList<string> InstanceIds, int Spans, int Logs, int MetricPoints);

/// <summary>The newest telemetry of a run, in memory and bounded.</summary>
internal sealed class TelemetryStore(TelemetryLimits limits, TimeProvider timeProvider)
{
    private const int MaxInstanceIds = 100;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedSet<string>> _resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly OtlpReader _reader = new();
    private long _requests;
    private long _refused;

    /// <summary>Until when it reaches: now, and in an earlier run its end.</summary>
    public DateTimeOffset Now => timeProvider.GetUtcNow();

    public SpanStore Spans { get; } = new(limits);

    public LogStore Logs { get; } = new(limits);

    public MetricStore Metrics { get; } = new(limits);

    /// <summary>Export requests, and how many of them were refused whole or in part.</summary>
    public (long Requests, long Rejected) Receiver => (Interlocked.Read(ref _requests), Interlocked.Read(ref _refused));

    /// <summary>Takes what can be used of an export request.</summary>
    /// <returns>How many items could not be, and why the first of them.</returns>
    public (int Rejected, string? Why) Take(Signal signal, ReadOnlyMemory<byte> request)
    {
        var batch = _reader.Read(signal, request.Span);
        var strangers = new HashSet<TelemetryResource>(ReferenceEqualityComparer.Instance);
        lock (_gate)
        {
            foreach (var resource in batch.Resources.Where(resource => !TryKnow(resource)))
            {
                strangers.Add(resource);
            }
        }

        batch.RejectFrom(strangers, "More services sent telemetry than are kept apart.");
        Spans.Add(batch.Spans);
        Logs.Add(batch.Logs);
        Metrics.Add(batch.Points);
        Interlocked.Increment(ref _requests);
        if (batch.Rejected > 0)
        {
            Interlocked.Increment(ref _refused);
        }

        return (batch.Rejected, batch.RejectedWhy);
    }

    public void CountRefused()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _refused);
    }

    public List<ResourceSummary> Resources()
    {
        var spans = CountByName(Spans.After(0));
        var logs = CountByName(Logs.After(0));
        lock (_gate)
        {
            return [.. _resources.Select(r => new ResourceSummary(
                r.Key, [.. r.Value], spans.GetValueOrDefault(r.Key), logs.GetValueOrDefault(r.Key), Metrics.PointsOf(r.Key)))];
        }
    }

    /// <param name="signal">All when null.</param>
    /// <param name="resource">All when null.</param>
    public void Clear(Signal? signal, string? resource)
    {
        if (signal is null or Signal.Traces)
        {
            Spans.Clear(resource);
        }

        if (signal is null or Signal.Logs)
        {
            Logs.Clear(resource);
        }

        if (signal is null or Signal.Metrics)
        {
            Metrics.Clear(resource);
        }
    }

    private static Dictionary<string, int> CountByName(IEnumerable<StoredItem> items)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in items)
        {
            counts[item.Resource.Name] = counts.GetValueOrDefault(item.Resource.Name) + 1;
        }

        return counts;
    }

    private bool TryKnow(TelemetryResource resource)
    {
        if (!_resources.TryGetValue(resource.Name, out var instances))
        {
            if (_resources.Count >= limits.MaxResources)
            {
                return false;
            }

            instances = _resources[resource.Name] = new(StringComparer.Ordinal);
        }

        if (resource.Instance is { } id && instances.Count < MaxInstanceIds)
        {
            instances.Add(id);
        }

        return true;
    }
}
