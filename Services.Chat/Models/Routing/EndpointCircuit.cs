namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>
/// Whether an endpoint may be asked. After a failure it is left alone for a while; then one call at a time finds out whether it is
/// back, and the others are let in when that call went well.
/// </summary>
internal sealed class EndpointCircuit(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private long _until;
    private TaskCompletionSource? _probe;

    /// <summary>Only so much was asked of it that it wants to rest: it is not broken.</summary>
    public bool IsRateLimited { get; private set; }

    /// <summary>How long it is still left alone; zero when it may be asked.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var until = Volatile.Read(ref _until);
            var left = until == 0 ? TimeSpan.Zero : timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), until);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The call that finds out; null when there is none.</summary>
    public Task? Probe
    {
        get
        {
            lock (_gate)
            {
                return _probe?.Task;
            }
        }
    }

    /// <param name="probe">The caller's is the one call that finds out, and this its place as such; null for any other call.</param>
    public bool TryEnter(out Task? probe)
    {
        probe = null;

        // The way of nearly every call takes no lock.
        if (Volatile.Read(ref _until) == 0)
        {
            return true;
        }

        lock (_gate)
        {
            if (_until == 0)
            {
                return true;
            }

            if (Remaining > TimeSpan.Zero || _probe is not null)
            {
                return false;
            }

            _probe = new(TaskCreationOptions.RunContinuationsAsynchronously);
            probe = _probe.Task;
            return true;
        }
    }

    /// <summary>It answered.</summary>
    public void Close()
    {
        if (Volatile.Read(ref _until) == 0)
        {
            return;
        }

        lock (_gate)
        {
            // An answer to a call from before the failure says nothing about what came after it.
            if (_probe is not null || Remaining <= TimeSpan.Zero)
            {
                _until = 0;
                IsRateLimited = false;
                EndProbe();
            }
        }
    }

    /// <summary>It failed, here or at another replica. A longer time that is running stays.</summary>
    public void Open(TimeSpan duration, bool isRateLimited)
    {
        if (duration <= TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            if (duration > Remaining)
            {
                _until = timeProvider.GetTimestamp() + (long)(duration.TotalSeconds * timeProvider.TimestampFrequency);
                IsRateLimited = isRateLimited;
            }

            EndProbe();
        }
    }

    /// <summary>The call with that place is over. When nobody learnt anything from it the next one probes.</summary>
    public void Release(Task probe)
    {
        lock (_gate)
        {
            // The place of one that began before the endpoint was last left alone is another's by now.
            if (_probe?.Task == probe)
            {
                EndProbe();
            }
        }
    }

    private void EndProbe()
    {
        _probe?.SetResult();
        _probe = null;
    }
}
