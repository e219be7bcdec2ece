using System.Diagnostics;
using System.Globalization;

namespace AiPlatform.Load;

/// <summary>
/// Calls per second of ours against a baseline, in alternating rounds of the same run: what else the machine does meets both.
/// The ratio is taken within each round, and the median of the rounds counts.
/// </summary>
internal sealed class Comparison(string what, int callers, double atLeast)
{
    // Many and short: a round's ratio swings by a tenth on a shared machine.
    private const int Rounds = 21;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(300);

    /// <param name="baseline">One call; its argument tells the callers apart.</param>
    /// <param name="ours">The same call through the product.</param>
    public async Task<Figure> RunAsync(
        Func<int, CancellationToken, Task> baseline, Func<int, CancellationToken, Task> ours, CancellationToken cancellationToken)
    {
        // Compiled, connected and with as many pool threads as it takes.
        await MeasureAsync(baseline, cancellationToken);
        await MeasureAsync(ours, cancellationToken);

        List<(double Baseline, double Ours)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            // Each goes first in half of the rounds.
            if (round % 2 == 0)
            {
                var first = await MeasureAsync(baseline, cancellationToken);
                rounds.Add((first, await MeasureAsync(ours, cancellationToken)));
            }
            else
            {
                var first = await MeasureAsync(ours, cancellationToken);
                rounds.Add((await MeasureAsync(baseline, cancellationToken), first));
            }
        }

        var ratio = Median(rounds.Select(round => round.Ours / round.Baseline));
        return new(
            $"{what}, {callers} {(callers == 1 ? "caller" : "callers")}",
            PerSecond(Median(rounds.Select(round => round.Ours))),
            PerSecond(Median(rounds.Select(round => round.Baseline))),
            ratio.ToString("0.00", CultureInfo.InvariantCulture),
            $"at least {atLeast.ToString("0.00", CultureInfo.InvariantCulture)}",
            ratio >= atLeast);
    }

    private async Task<double> MeasureAsync(Func<int, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                // Of its own, as a request's is.
                using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var count = 0L;
                while (Stopwatch.GetElapsedTime(started) < RoundLength)
                {
                    await call(caller, given.Token);
                    count++;
                }

                return count;
            },
            cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static string PerSecond(double value) => value.ToString("#,0", CultureInfo.InvariantCulture) + "/s";
}
