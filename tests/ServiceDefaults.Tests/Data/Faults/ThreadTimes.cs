using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>How long threads ran, and how long they were ready to run and had no core. Only Linux tells; elsewhere it is always nothing.</summary>
/// <param name="isMeant">By the name of a thread, as the kernel knows it.</param>
internal sealed class ThreadTimes(IReadOnlyList<int> processes, Func<string, bool> isMeant) : IDisposable
{
    // A thread gets its name a moment after its birth.
    private const int LooksUntilNamed = 5;

    private readonly Dictionary<string, Known> _threads = [];
    private readonly byte[] _buffer = new byte[128];

    /// <summary>Since the last time this was asked: the longest that one of them waited for a core, and all that they ran and waited together.</summary>
    public (TimeSpan LongestWait, TimeSpan Busy) SinceLast()
    {
        var (longest, busy) = (0L, 0L);
        if (OperatingSystem.IsLinux())
        {
            foreach (var thread in processes.SelectMany(process => Directory.EnumerateDirectories($"/proc/{process}/task")))
            {
                var (ran, waited) = Read(thread);
                longest = Math.Max(longest, waited);
                busy += ran + waited;
            }
        }

        return (TimeSpan.FromMicroseconds(longest / 1000d), TimeSpan.FromMicroseconds(busy / 1000d));
    }

    public void Dispose()
    {
        foreach (var thread in _threads.Values)
        {
            thread.File.Dispose();
        }
    }

    // /proc/<process>/task/<thread>/schedstat, in nanoseconds: on a core, ready without a core, times scheduled. 1297 41022 5
    private (long Ran, long Waited) Read(string thread)
    {
        try
        {
            if (!_threads.TryGetValue(thread, out var known))
            {
                known = new(File.OpenHandle(Path.Combine(thread, "schedstat")));
            }

            if (known.Looks < LooksUntilNamed)
            {
                known = known with { Looks = known.Looks + 1, IsMeant = isMeant(File.ReadAllText(Path.Combine(thread, "comm")).Trim()) };
            }

            var length = RandomAccess.Read(known.File, _buffer, 0);
            var times = Encoding.ASCII.GetString(_buffer, 0, length).Split(' ');
            var (ran, waited) = (long.Parse(times[0], CultureInfo.InvariantCulture), long.Parse(times[1], CultureInfo.InvariantCulture));
            _threads[thread] = known with { Ran = ran, Waited = waited };
            return known.IsMeant ? (ran - known.Ran, waited - known.Waited) : default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The thread has ended meanwhile.
            if (_threads.Remove(thread, out var gone))
            {
                gone.File.Dispose();
            }

            return default;
        }
    }

    private sealed record Known(SafeFileHandle File)
    {
        public int Looks { get; init; }

        public bool IsMeant { get; init; }

        public long Ran { get; init; }

        public long Waited { get; init; }
    }
}
