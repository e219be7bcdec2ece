using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>The timeouts of one attempt as one token: until the first byte, then from each piece to the next, and all of it together.</summary>
internal sealed class CallLimits : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly EndpointTimeouts _timeouts;
    private readonly TimeProvider _timeProvider;
    private readonly long _started;

    public CallLimits(EndpointTimeouts timeouts, TimeProvider timeProvider, CancellationToken caller)
    {
        (_timeouts, _timeProvider, _started) = (timeouts, timeProvider, timeProvider.GetTimestamp());
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _source.CancelAfter(Shorter(timeouts.FirstByte, timeouts.Total));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>A piece has arrived; the next one has its time from now.</summary>
    public void Arrived()
    {
        var left = _timeouts.Total - _timeProvider.GetElapsedTime(_started);
        _source.CancelAfter(left > TimeSpan.Zero ? Shorter(_timeouts.Idle, left) : TimeSpan.Zero);
    }

    /// <summary>Ends what is still being waited for.</summary>
    public void End() => _source.Cancel();

    public void Dispose() => _source.Dispose();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
