using System.Diagnostics;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>
/// Tells for how much of a stretch of time all of certain threads had nothing to do, for bounds that hold whatever else runs on the machine:
/// who runs or waits for a core is slow on a busy one, who waits for something else (a lock, a timeout, a thread that is free) is not.
/// A thread of its own looks every 10 ms.
/// </summary>
internal sealed class IdleTime : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    // In the order of their ends.
    private readonly List<(long From, long To)> _busy = [];
    private readonly ThreadTimes _threads;
    private readonly Thread _looking;
    private volatile bool _isStopped;

    private IdleTime(ThreadTimes threads)
    {
        _threads = threads;
        _looking = new(Look) { IsBackground = true, Name = "idle time" };
        _looking.Start();
    }

    /// <summary>Of this process's pool, and of the thread that gives it its timers.</summary>
    public static IdleTime OfThePool() => new(new([Environment.ProcessId], name => name is ".NET TP Worker" or ".NET Timer"));

    /// <summary>Of all that this process and a server do for each other.</summary>
    public static IdleTime WithServer(int processId) => new(new([Environment.ProcessId, processId], name => name != "idle time"));

    /// <summary>The most that a look came late: what the machine did to a thread that only slept, and may have done to any other.</summary>
    public TimeSpan WorstLook { get; private set; }

    /// <summary>To be called before anything is asked.</summary>
    public void Stop()
    {
        _isStopped = true;
        _looking.Join();
    }

    /// <param name="started">A timestamp of <see cref="Stopwatch"/>.</param>
    public TimeSpan Between(long started, long ended)
    {
        // Backwards: what lies between the end of one and the beginning of what was counted is idle.
        var (idle, place) = (0L, ended);
        for (var index = _busy.Count - 1; index >= 0 && place > started; index--)
        {
            idle += Math.Max(0, place - Math.Max(_busy[index].To, started));
            place = Math.Min(place, _busy[index].From);
        }

        return Stopwatch.GetElapsedTime(0, idle + Math.Max(0, place - started));
    }

    public void Dispose()
    {
        Stop();
        _threads.Dispose();
    }

    private void Look()
    {
        var paused = GC.GetTotalPauseDuration();
        _threads.SinceLast();
        while (!_isStopped)
        {
            var started = Stopwatch.GetTimestamp();
            Thread.Sleep(Period);
            var ((wait, busy), pausedNow, now) = (_threads.SinceLast(), GC.GetTotalPauseDuration(), Stopwatch.GetTimestamp());
            var length = Stopwatch.GetElapsedTime(started, now);

            // The kernel adds a wait up when it is over, however long it was, and so does the collector with its pauses; the rest was in
            // this stretch. What this thread came late by the machine kept from everybody.
            TimeSpan[] stretches = [wait, pausedNow - paused, busy < length ? busy : length, length - Period];
            WorstLook = length - Period > WorstLook ? length - Period : WorstLook;
            _busy.Add((now - (long)(stretches.Max().TotalSeconds * Stopwatch.Frequency), now));
            paused = pausedNow;
        }
    }
}
