using System.Diagnostics;

namespace AiPlatform.LocalHosting.Tests;

internal static class Pids
{
    /// <summary>On the calling thread, so that a busy pool does not lengthen what is measured.</summary>
    public static TimeSpan HowLongAnyLives(IReadOnlyCollection<int> pids, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (pids.Any(IsAlive) && watch.Elapsed < limit)
        {
            Thread.Sleep(10);
        }

        return watch.Elapsed;
    }

    // A process that was killed but not yet waited for is a zombie, state Z: gone for everybody.
    public static bool IsAlive(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
