namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>What an endpoint did since the service started, counted on this replica.</summary>
internal sealed class EndpointStats(TimeProvider timeProvider)
{
    private const int Kept = 512;
    private const double Weight = 0.2;

    // What an endpoint took an hour ago says little of now: unasked, it becomes worth a try again.
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly float[] _latencies = new float[Kept];
    private long _requests;
    private long _successes;
    private long _failures;
    private int _measured;
    private double _average;
    private long _averagedAt;

    public long Requests => Interlocked.Read(ref _requests);

    public long Successes => Interlocked.Read(ref _successes);

    public long Failures => Interlocked.Read(ref _failures);

    public void Asked() => Interlocked.Increment(ref _requests);

    /// <param name="hadAnswered">Its reply broke off: it was no success after all.</param>
    public void Failed(bool hadAnswered)
    {
        Interlocked.Increment(ref _failures);

        if (hadAnswered)
        {
            Interlocked.Decrement(ref _successes);
        }
    }

    /// <param name="latency">To the first byte of the reply: the length of a reply is the caller's wish, not the endpoint's speed.</param>
    public void Answered(TimeSpan latency)
    {
        Interlocked.Increment(ref _successes);
        var milliseconds = latency.TotalMilliseconds;

        lock (_gate)
        {
            _latencies[_measured++ % Kept] = (float)milliseconds;
            _measured = _measured == 2 * Kept ? Kept : _measured;
            _average = _averagedAt == 0 ? milliseconds : (_average * (1 - Weight)) + (milliseconds * Weight);
            _averagedAt = timeProvider.GetTimestamp();
        }
    }

    /// <summary>Milliseconds; 0 for one that was never measured.</summary>
    public double RecentLatency()
    {
        lock (_gate)
        {
            return _averagedAt == 0 ? 0 : _average * Math.Pow(0.5, timeProvider.GetElapsedTime(_averagedAt) / HalfLife);
        }
    }

    /// <summary>Of the last 512 answers, in milliseconds; null when there is none.</summary>
    public LatencyPercentiles? Percentiles()
    {
        float[] sorted;

        lock (_gate)
        {
            sorted = _latencies[..Math.Min(_measured, Kept)];
        }

        Array.Sort(sorted);
        return sorted.Length == 0 ? null : new(At(0.5), At(0.95), At(0.99));

        double At(double share) => Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 3);
    }
}

internal sealed record LatencyPercentiles(double P50, double P95, double P99);
