using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>
/// How late a 10 ms timer of the thread pool comes. Taken off is what the machine did: a dedicated thread that sleeps beside it comes late
/// too, and the kernel counts how long our threads had work and no core. A starved pool has neither: its threads wait for something else.
/// </summary>
internal sealed class PoolLateness : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<Tick> _pool = new();
    private readonly List<Tick> _thread = [];
    private readonly List<(long At, Dictionary<string, long> Waits)> _looks = [];
    private readonly Thread _reference;
    private readonly Task _watching;
    private volatile bool _isStopped;

    public PoolLateness()
    {
        _reference = new(WatchThread) { IsBackground = true, Name = "lateness" };
        _reference.Start();
        _watching = Task.Run(WatchPoolAsync);
    }

    /// <summary>The worst of the pool's ticks without what the machine held up.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        _isStopped = true;
        await _watching;
        _reference.Join();
        return _pool.Select(tick => tick.Late - HeldUp(tick)).Max();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task WatchPoolAsync()
    {
        while (!_isStopped)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Period);
            _pool.Enqueue(new(started, Stopwatch.GetTimestamp()));
        }
    }

    private void WatchThread()
    {
        Look();
        while (!_isStopped)
        {
            var started = Stopwatch.GetTimestamp();
            Thread.Sleep(Period);
            _thread.Add(new(started, Stopwatch.GetTimestamp()));
            if (Stopwatch.GetElapsedTime(_looks[^1].At) > BetweenLooks)
            {
                Look();
            }
        }

        Look();
    }

    private TimeSpan HeldUp(Tick tick)
    {
        if (tick.Late < Period)
        {
            return TimeSpan.Zero;
        }

        var slept = _thread.Where(tick.Overlaps).Select(other => other.Late).DefaultIfEmpty().Max();
        var before = _looks.FindLast(look => look.At <= tick.Started).Waits ?? [];
        var after = _looks.Find(look => look.At >= tick.Ended).Waits ?? [];
        var waited = after.Select(thread => thread.Value - before.GetValueOrDefault(thread.Key)).DefaultIfEmpty().Max();
        return new[] { slept, TimeSpan.FromMicroseconds(waited / 1000d) }.Max();
    }

    // A line of /proc/self/task/<id>/schedstat, in nanoseconds: on a core, ready without a core, times scheduled. 1297 41022 5
    private void Look()
    {
        var waits = new Dictionary<string, long>();
        if (OperatingSystem.IsLinux())
        {
            foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                try
                {
                    waits[thread] = long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    // The thread has ended meanwhile.
                }
            }
        }

        _looks.Add((Stopwatch.GetTimestamp(), waits));
    }

    private readonly record struct Tick(long Started, long Ended)
    {
        public TimeSpan Late => Stopwatch.GetElapsedTime(Started, Ended) - Period;

        public bool Overlaps(Tick other) => Started <= other.Ended && other.Started <= Ended;
    }
}
