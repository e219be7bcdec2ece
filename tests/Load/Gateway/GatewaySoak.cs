using System.Diagnostics;
using System.Globalization;

namespace AiPlatform.Load.Gateway;

/// <summary>
/// Whether memory grows: the same load for minutes, streams and cache hits too, and the line through what the service held meanwhile. Its heap is
/// bounded to about twice what lives in it: with more free the collector lets what is dead lie for longer than this looks, and what
/// is kept for ever would show as little in a few minutes as it shows soon where there is no room for it.
/// </summary>
internal sealed class GatewaySoak(GatewayTarget target, TimeSpan length)
{
    /// <summary>In bytes: 64 MB.</summary>
    public const string HeapLimit = "0x4000000";

    private const int PerSecond = 1000;
    private const double MostPerMinute = 0.5;

    // Until nearly all is compiled.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    public Task RunAsync(List<Figure> figures, CancellationToken cancellationToken)
    {
        var samples = new List<(double Minutes, double Megabytes)>();
        var started = Stopwatch.GetTimestamp();
        var requests = (Fast: target.Completion("fast"), Kept: target.Completion("kept"), Stream: target.Completion(GatewayLoad.ShortStream, streams: true));
        long calls = 0;

        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < length + WarmUp)
        {
            cancellationToken.ThrowIfCancellationRequested();
            calls += Generator.Open(target, requests.Fast, 32, PerSecond, Slice).Count;
            calls += Generator.Open(target, requests.Kept, 32, PerSecond, Slice / 5).Count;
            calls += Generator.Streams(target, requests.Stream, 32, 3).Count;

            if (elapsed > WarmUp)
            {
                samples.Add((elapsed.TotalMinutes, Resident()));
            }
        }

        // In quarters of the time the lowest each: what a collection had left.
        var quarter = samples.Count / 4;
        var floors = Enumerable.Range(0, 4).Select(part => samples.Skip(part * quarter).Take(quarter).MinBy(sample => sample.Megabytes)).ToList();
        var slope = Slope(floors);
        figures.Add(new(
            $"memory over {length.TotalMinutes:0} minutes in a bounded heap, {calls.ToString("#,0", CultureInfo.InvariantCulture)} calls", string.Create(CultureInfo.InvariantCulture, $"{slope:+0.00;-0.00} MB/min"),
            string.Create(CultureInfo.InvariantCulture, $"{floors[0].Megabytes:0}, {floors[1].Megabytes:0}, {floors[2].Megabytes:0}, {floors[3].Megabytes:0} MB"), "",
            string.Create(CultureInfo.InvariantCulture, $"under {MostPerMinute} MB/min"), slope < MostPerMinute));
        return Task.CompletedTask;
    }

    private double Resident()
    {
        using var process = Process.GetProcessById(target.ProcessId);
        return process.WorkingSet64 / (1024.0 * 1024);
    }

    private static double Slope(IReadOnlyList<(double Minutes, double Megabytes)> points)
    {
        var (minutes, megabytes) = (points.Average(point => point.Minutes), points.Average(point => point.Megabytes));
        return points.Sum(point => (point.Minutes - minutes) * (point.Megabytes - megabytes)) / points.Sum(point => (point.Minutes - minutes) * (point.Minutes - minutes));
    }
}
