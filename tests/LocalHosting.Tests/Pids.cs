using System.Diagnostics;

namespace AiPlatform.LocalHosting.Tests;

internal static class Pids
{
    private static readonly TimeSpan LongestRound = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// On the calling thread, so that a busy pool does not lengthen what is measured; and where the machine let this thread wait, it let the others wait too, which is
    /// not theirs to answer for.
    /// </summary>
    public static TimeSpan HowLongAnyLives(IReadOnlyCollection<int> pids, TimeSpan limit)
    {
        var lived = TimeSpan.Zero;
        for (var from = Stopwatch.GetTimestamp(); pids.Any(IsAlive) && lived < limit; from = Stopwatch.GetTimestamp())
        {
            Thread.Sleep(10);
            var round = Stopwatch.GetElapsedTime(from);
            lived += round < LongestRound ? round : LongestRound;
        }

        return lived;
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
