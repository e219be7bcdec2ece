using System.Diagnostics;

namespace AiPlatform.Tests.Common;

/// <summary>Bounded polling, for what happens in other processes and can only be asked about. In process, wait for a task instead.</summary>
public static class Eventually
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    public static Task BecomesTrueAsync(Func<bool> condition, string what, TimeSpan? timeout = null) =>
        BecomesTrueAsync(() => Task.FromResult(condition()), what, timeout);

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? timeout = null)
    {
        var started = Stopwatch.GetTimestamp();

        // Asked once more after the time is over: on a busy machine the answer to the question before may have been long on its way.
        for (var isOver = false; !await condition(); isOver = Stopwatch.GetElapsedTime(started) > (timeout ?? Timeout))
        {
            if (isOver)
            {
                throw new TimeoutException($"Did not happen within {timeout ?? Timeout}: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
