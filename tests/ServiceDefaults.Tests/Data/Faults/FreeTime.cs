using System.Diagnostics;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>
/// Tells how much of a stretch of time the machine left to this process, for bounds that hold whatever else runs on it. A thread of its own
/// looks every 10 ms how long any of ours, or of a server's that is waited for, had work and no core since its last look, and how long
/// collections held up all of ours. Who waits for something else (a lock, a timeout, a free thread of the pool) finds all of that time here.
/// </summary>
internal sealed class FreeTime : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly List<(long Started, long Ended, TimeSpan Free)> _looks = [];
    private readonly CoreWaits _waits;
    private readonly Thread _looking;
    private volatile bool _isStopped;

    public FreeTime(params IReadOnlyList<int> servers)
    {
        _waits = new([Environment.ProcessId, .. servers]);
        _looking = new(Look) { IsBackground = true, Name = "free time" };
        _looking.Start();
    }

    /// <summary>To be called before anything is asked.</summary>
    public void Stop()
    {
        _isStopped = true;
        _looking.Join();
    }

    /// <param name="started">A timestamp of <see cref="Stopwatch"/>.</param>
    public TimeSpan Between(long started, long ended) => TimeSpan.FromTicks(
        _looks.Where(look => started <= look.Started && look.Ended <= ended).Sum(look => look.Free.Ticks));

    public void Dispose()
    {
        Stop();
        _waits.Dispose();
    }

    private void Look()
    {
        var paused = GC.GetTotalPauseDuration();
        _waits.LongestSinceLast();
        while (!_isStopped)
        {
            var started = Stopwatch.GetTimestamp();
            Thread.Sleep(Period);
            var waited = _waits.LongestSinceLast();
            var ended = Stopwatch.GetTimestamp();
            var pausedNow = GC.GetTotalPauseDuration();

            // No more than a period: when the look itself came late, the machine held it up. A collection is told only when it is over,
            // so it may take off what came before.
            var free = Stopwatch.GetElapsedTime(started, ended) - waited;
            _looks.Add((started, ended, (free < TimeSpan.Zero ? TimeSpan.Zero : free < Period ? free : Period) - (pausedNow - paused)));
            paused = pausedNow;
        }
    }
}
