using System.Diagnostics;
using System.Globalization;

namespace AiPlatform.Load.Requests;

/// <summary>
/// How long calls take while so many callers make one after the other without a pause, in rounds; between them the same is asked of the bare
/// endpoint, which shows what the machine does meanwhile. Each figure is the median of its rounds.
/// </summary>
internal sealed class Latency(int callers, CpuTime bareCpu, CpuTime ourCpu)
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 5;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(2);

    /// <param name="bare">One call of the bare endpoint; its argument tells the callers apart.</param>
    /// <param name="call">The same of the service.</param>
    /// <param name="mostMilliseconds">What 99 of 100 calls stay under.</param>
    /// <param name="leastRatio">Of the bare endpoint's calls per second.</param>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(
        string what, Func<int, CancellationToken, Task> bare, Func<int, CancellationToken, Task> call, double? mostMilliseconds, double? leastRatio,
        CancellationToken cancellationToken)
    {
        // Compiled, connected, and in the server's memory.
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await MeasureRoundAsync(bare, bareCpu, cancellationToken);
            await MeasureRoundAsync(call, ourCpu, cancellationToken);
        }

        List<(Round Bare, Round Ours)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            // Each goes first in half of the rounds.
            if (round % 2 == 0)
            {
                var first = await MeasureRoundAsync(bare, bareCpu, cancellationToken);
                rounds.Add((first, await MeasureRoundAsync(call, ourCpu, cancellationToken)));
            }
            else
            {
                var first = await MeasureRoundAsync(call, ourCpu, cancellationToken);
                rounds.Add((await MeasureRoundAsync(bare, bareCpu, cancellationToken), first));
            }
        }

        var ratio = Median(rounds, round => round.Ours.PerSecond / round.Bare.PerSecond);
        var p99 = Median(rounds, round => round.Ours.P99);
        return
        [
            new(
                $"{what}, p50", Milliseconds(Median(rounds, round => round.Ours.P50)), Milliseconds(Median(rounds, round => round.Bare.P50)), "", "", IsKept: true),
            new(
                $"{what}, p99", Milliseconds(p99), Milliseconds(Median(rounds, round => round.Bare.P99)), "",
                mostMilliseconds is { } most ? string.Create(CultureInfo.InvariantCulture, $"under {most} ms") : "",
                mostMilliseconds is null || p99 < mostMilliseconds),
            new(
                $"{what}, rate", PerSecond(Median(rounds, round => round.Ours.PerSecond)), PerSecond(Median(rounds, round => round.Bare.PerSecond)),
                ratio.ToString("0.00", CultureInfo.InvariantCulture),
                leastRatio is { } least ? string.Create(CultureInfo.InvariantCulture, $"at least {least:0.00}") : "",
                leastRatio is null || ratio >= leastRatio),
            new(
                $"{what}, CPU a call", Cpu(rounds.Select(round => round.Ours)), Cpu(rounds.Select(round => round.Bare)),
                Median(rounds, round => round.Ours.Cpu / round.Bare.Cpu).ToString("0.00", CultureInfo.InvariantCulture), "", IsKept: true),
        ];
    }

    private async Task<Round> MeasureRoundAsync(Func<int, CancellationToken, Task> call, CpuTime cpu, CancellationToken cancellationToken)
    {
        var (service, database) = (cpu.Service, cpu.Database);
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                var own = new List<double>();
                while (Stopwatch.GetElapsedTime(started) < RoundLength)
                {
                    var startedAt = Stopwatch.GetTimestamp();
                    await call(caller, cancellationToken);
                    own.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
                }

                return own;
            },
            cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sorted = times.SelectMany(own => own).Order().ToList();
        return new(
            sorted[sorted.Count / 2], sorted[(int)((sorted.Count - 1) * 0.99)], sorted.Count / seconds,
            (cpu.Service - service) / sorted.Count, (cpu.Database - database) / sorted.Count);
    }

    private static double Median<T>(IEnumerable<T> rounds, Func<T, double> value) => rounds.Select(value).Order().ElementAt(Rounds / 2);

    private static string Milliseconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture) + " ms";

    private static string PerSecond(double value) => value.ToString("#,0", CultureInfo.InvariantCulture) + "/s";

    // 180 + 95 us: the service's and the database's
    private static string Cpu(IEnumerable<Round> rounds)
    {
        var all = rounds.ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Median(all, round => round.ServiceCpu.TotalMicroseconds):0} + {Median(all, round => round.DatabaseCpu.TotalMicroseconds):0} us");
    }

    private sealed record Round(double P50, double P99, double PerSecond, TimeSpan ServiceCpu, TimeSpan DatabaseCpu)
    {
        public double Cpu => (ServiceCpu + DatabaseCpu).TotalMicroseconds;
    }
}
