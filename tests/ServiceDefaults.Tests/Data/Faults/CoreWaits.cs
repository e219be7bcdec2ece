using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>How long threads of processes were ready to run and had no core. Only Linux tells; elsewhere it is always nothing.</summary>
internal sealed class CoreWaits(params IReadOnlyList<int> processes) : IDisposable
{
    private readonly Dictionary<string, Known> _threads = [];
    private readonly byte[] _buffer = new byte[128];

    /// <summary>The longest of any one thread since the last time this was asked.</summary>
    public TimeSpan LongestSinceLast()
    {
        if (!OperatingSystem.IsLinux())
        {
            return TimeSpan.Zero;
        }

        var longest = 0L;
        foreach (var thread in processes.SelectMany(process => Directory.EnumerateDirectories($"/proc/{process}/task")))
        {
            if (ReadNanoseconds(thread) is { } waited)
            {
                longest = Math.Max(longest, waited - _threads[thread].Waited);
                _threads[thread] = _threads[thread] with { Waited = waited };
            }
        }

        return TimeSpan.FromMicroseconds(longest / 1000d);
    }

    public void Dispose()
    {
        foreach (var thread in _threads.Values)
        {
            thread.File.Dispose();
        }
    }

    // /proc/<process>/task/<thread>/schedstat, in nanoseconds: on a core, ready without a core, times scheduled. 1297 41022 5
    private long? ReadNanoseconds(string thread)
    {
        try
        {
            if (!_threads.TryGetValue(thread, out var known))
            {
                _threads[thread] = known = new(File.OpenHandle(Path.Combine(thread, "schedstat")), 0);
            }

            var length = RandomAccess.Read(known.File, _buffer, 0);
            return long.Parse(Encoding.ASCII.GetString(_buffer, 0, length).Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The thread has ended meanwhile.
            if (_threads.Remove(thread, out var gone))
            {
                gone.File.Dispose();
            }

            return null;
        }
    }

    private readonly record struct Known(SafeFileHandle File, long Waited);
}
