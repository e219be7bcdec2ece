using System.Collections.Concurrent;
using System.Diagnostics;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>How late a 10 ms timer of the thread pool comes while none of the pool's threads does anything: for want of one that is not blocked.</summary>
internal sealed class PoolLateness : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly IdleTime _idleTime = IdleTime.OfThePool();
    private readonly ConcurrentQueue<(long Started, long Ended)> _ticks = new();
    private readonly Task _ticking;
    private volatile bool _isStopped;

    public PoolLateness() => _ticking = Task.Run(TickAsync);

    /// <summary>The worst of the ticks.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        _isStopped = true;
        await _ticking;
        _idleTime.Stop();
        return _ticks.Where(tick => Stopwatch.GetElapsedTime(tick.Started, tick.Ended) > 2 * Period)
            .Select(tick => _idleTime.Between(tick.Started, tick.Ended) - _idleTime.WorstLook - Period)
            .DefaultIfEmpty()
            .Max();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _idleTime.Dispose();
    }

    private async Task TickAsync()
    {
        while (!_isStopped)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Period);
            _ticks.Enqueue((started, Stopwatch.GetTimestamp()));
        }
    }
}
