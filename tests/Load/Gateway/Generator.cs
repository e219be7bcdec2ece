using System.Diagnostics;

namespace AiPlatform.Load.Gateway;

/// <summary>Makes the load: threads with a blocking connection each.</summary>
internal static class Generator
{
    private const int StackBytes = 256 * 1024;

    /// <summary>Each connection sends its next request when it has its reply.</summary>
    /// <returns>Requests a second.</returns>
    public static double Closed(GatewayTarget target, byte[] request, int connections, TimeSpan length)
    {
        var counts = new long[connections];
        var elapsed = Run(connections, target, (connection, index, started) =>
        {
            while (Stopwatch.GetElapsedTime(started) < length)
            {
                connection.Exchange(request);
                counts[index]++;
            }
        });
        return counts.Sum() / elapsed.TotalSeconds;
    }

    /// <summary>Until it gets no faster twice: a compiler that works beside full processors needs most of a minute, and one slow slice may be the machine's.</summary>
    public static void WarmUp(GatewayTarget target, byte[] request, int connections, TimeSpan slice)
    {
        const int most = 12;
        const double stillFaster = 1.02;
        var (best, inVain) = (0d, 0);

        for (var count = 0; count < most && inVain < 2; count++)
        {
            var rate = Closed(target, request, connections, slice);
            (best, inVain) = rate >= best * stillFaster ? (rate, 0) : (best, inVain + 1);
        }
    }

    /// <summary>Requests at their times, whether or not earlier ones were answered: a connection that is late starts its next one at once, and the wait counts.</summary>
    /// <returns>How long each took, in order.</returns>
    public static IReadOnlyList<TimeSpan> Open(GatewayTarget target, byte[] request, int connections, double perSecond, TimeSpan length)
    {
        var times = Enumerable.Range(0, connections).Select(_ => new List<TimeSpan>()).ToArray();
        var interval = TimeSpan.FromSeconds(connections / perSecond);
        Run(connections, target, (connection, index, started) =>
        {
            var due = interval * ((double)index / connections);

            for (; due < length; due += interval)
            {
                var isLate = true;

                while (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
                {
                    isLate = false;
                    Thread.Sleep(wait.TotalMilliseconds > 1 ? wait : TimeSpan.FromMilliseconds(1));
                }

                // That this thread woke late is not the server's doing; that it was still waiting for its reply is.
                var begun = isLate ? due : Stopwatch.GetElapsedTime(started);
                connection.Exchange(request);
                times[index].Add(Stopwatch.GetElapsedTime(started) - begun);
            }
        });
        return [.. times.SelectMany(own => own).Order()];
    }

    /// <summary>Streams one after the other on each connection.</summary>
    public static IReadOnlyList<StreamTimes> Streams(GatewayTarget target, byte[] request, int connections, int each)
    {
        var streams = Enumerable.Range(0, connections).Select(_ => new List<StreamTimes>()).ToArray();
        Run(connections, target, (connection, index, _) =>
        {
            // Not all in step.
            Thread.Sleep(index % 10);

            for (var stream = 0; stream < each; stream++)
            {
                streams[index].Add(connection.Stream(request));
            }
        });
        return [.. streams.SelectMany(own => own)];
    }

    private static TimeSpan Run(int count, GatewayTarget target, Action<RawConnection, int, long> work)
    {
        Exception? failure = null;
        var connections = Enumerable.Range(0, count).Select(_ => new RawConnection(target)).ToList();
        var started = Stopwatch.GetTimestamp();
        var threads = connections.Select((connection, index) => new Thread(
            () =>
            {
                try
                {
                    work(connection, index, started);
                }
                catch (Exception exception)
                {
                    // The first failure is the measurement's, on the thread that waits for it.
                    Interlocked.CompareExchange(ref failure, exception, null);
                }
            },
            StackBytes)
        { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var elapsed = Stopwatch.GetElapsedTime(started);
        connections.ForEach(connection => connection.Dispose());
        return failure is null ? elapsed : throw new InvalidOperationException($"{target.Name} could not be measured.", failure);
    }
}
