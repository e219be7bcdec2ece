using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Telemetry;

internal enum Signal
{
    Traces,
    Logs,
    Metrics,
}

/// <summary>What one export request came to.</summary>
internal sealed class TelemetryBatch(Signal signal)
{
    public Signal Signal { get; } = signal;

    /// <summary>Who sent any of it.</summary>
    public List<TelemetryResource> Resources { get; } = [];

    public List<StoredSpan> Spans { get; } = [];

    public List<StoredLog> Logs { get; } = [];

    public List<ReceivedPoint> Points { get; } = [];

    /// <summary>Spans, log records or data points that could not be taken.</summary>
    public int Rejected { get; private set; }

    /// <summary>Why the first of them was not taken.</summary>
    public string? RejectedWhy { get; private set; }

    public void Reject(string why, int count = 1)
    {
        Rejected += count;
        RejectedWhy ??= why;
    }

    public void RejectFrom(IReadOnlySet<TelemetryResource> resources, string why)
    {
        if (resources.Count > 0)
        {
            var rejected = Spans.RemoveAll(s => resources.Contains(s.Resource)) + Logs.RemoveAll(l => resources.Contains(l.Resource)) + Points.RemoveAll(p => resources.Contains(p.Resource));
            Reject(why, rejected);
        }
    }
}
