using System.Diagnostics;
using System.Globalization;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Gateway;

/// <summary>
/// What the gateway costs: beside the model server itself, nginx as a proxy to it, a bare forwarder on the same platform and Portkey, in one run and in
/// rounds by turns. The generator is our own, a thread and a blocking socket a connection; it, all servers and the databases share the machine.
/// </summary>
internal sealed class GatewayLoad(LoadArguments arguments) : ILoad
{
    public const string ShortStream = "paced-10-10";
    public const string LongStream = "paced-50-100";
    public const string Large = "large-0";
    public const string LargeSlow = "large-10";

    private const int Rounds = 5;
    private const int ClosedConnections = 16;
    private const int OpenConnections = 64;
    private const int PerSecond = 2000;
    private const int ManyStreams = 500;
    private static readonly TimeSpan ClosedLength = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan OpenLength = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private readonly List<Figure> _figures = [];

    public string Name => "gateway";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var model = await NginxServers.StartModelAsync(cancellationToken);
        await using var standIn = await ServiceProcess.StartAsync("Load", [ModelStandIn.Argument], new Dictionary<string, string>(), cancellationToken);
        await using var proxy = await NginxServers.StartProxyAsync(model.Port, standIn.Url.Port, cancellationToken);
        await using var portkey = await PortkeyGateway.StartAsync(Path.Combine(arguments.DataFolder, "portkey"), cancellationToken);
        await using var ours = await OurGateway.StartAsync(
            model.Port, standIn.Url.Port, withTelemetry: !arguments.Only.Contains("no telemetry", StringComparison.Ordinal), arguments.Soak is null ? null : GatewaySoak.HeapLimit, cancellationToken);

        const string path = "/v1/chat/completions";
        var direct = new GatewayTarget("direct", model.Port, path, 0);
        var nginx = new GatewayTarget("nginx", proxy.Port, path, proxy.ProcessId);
        var slow = new GatewayTarget("direct", standIn.Url.Port, path, 0);
        var slowNginx = nginx with { Path = $"/paced{path}" };
        var bytes = new GatewayTarget("bare bytes", standIn.Url.Port, "/bytes", standIn.ProcessId);
        var forwarder = new GatewayTarget(
            "bare forwarder", standIn.Url.Port, "/forward", standIn.ProcessId, (BareForwarder.Target, $"http://127.0.0.1:{model.Port}{path}"));

        var slowForwarder = forwarder with { Headers = [(BareForwarder.Target, $"http://127.0.0.1:{standIn.Url.Port}{path}")] };

        if (arguments.Soak is { } minutes)
        {
            await new GatewaySoak(ours.Target, TimeSpan.FromMinutes(minutes)).RunAsync(_figures, cancellationToken);
            return _figures;
        }

        Measure("throughput", () => Throughput([direct, nginx, forwarder, ours.Target], PortkeyGateway.Target(portkey, model.Port)));
        Measure("latency", () => AddedLatency(direct, nginx, forwarder, ours.Target));
        Measure("streams", () => AddedToStreams(slow, slowNginx, slowForwarder, ours.Target));
        Measure("many streams", () => ManyAtOnce(slow, ours));
        Measure("cache", () => CacheHits(bytes, ours.Target));
        Measure("large", () => LargeReplies(slow, ours.Target));
        return _figures;

        void Measure(string what, Action measure)
        {
            cancellationToken.ThrowIfCancellationRequested();

            if (what.Contains(arguments.Only.Replace("no telemetry", "", StringComparison.Ordinal).Trim(), StringComparison.Ordinal))
            {
                measure();
            }
        }
    }

    private void Throughput(IReadOnlyList<GatewayTarget> targets, GatewayTarget portkey)
    {
        IReadOnlyList<GatewayTarget> all = [.. targets, portkey];
        var requests = all.Select(target => target.Completion("fast")).ToList();

        for (var index = 0; index < all.Count; index++)
        {
            Generator.WarmUp(all[index], requests[index], ClosedConnections, WarmUp);
        }

        var rates = all.Select(_ => new List<double>()).ToArray();
        var processor = all.Select(_ => new List<double>()).ToArray();

        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < all.Count; turn++)
            {
                var index = (turn + round) % all.Count;
                var before = ProcessorTime(all[index].ProcessId);
                rates[index].Add(Generator.Closed(all[index], requests[index], ClosedConnections, ClosedLength));
                processor[index].Add((ProcessorTime(all[index].ProcessId) - before).TotalMicroseconds / (rates[index][^1] * ClosedLength.TotalSeconds));
            }
        }

        const int us = 3;
        double Ratio(int to) => Median(rates[us].Zip(rates[to], (our, other) => our / other));
        Add($"rate, {ClosedConnections} connections, of nginx", PerSecondOf(rates[us]), PerSecondOf(rates[1]), Ratio(1), atLeast: 0.35);
        Add($"rate, {ClosedConnections} connections, of Portkey", PerSecondOf(rates[us]), PerSecondOf(rates[4]), Ratio(4), atLeast: 10);
        Add($"rate, {ClosedConnections} connections, of direct", PerSecondOf(rates[us]), PerSecondOf(rates[0]), Ratio(0));
        Add($"rate, {ClosedConnections} connections, of the bare forwarder", PerSecondOf(rates[us]), PerSecondOf(rates[2]), Ratio(2));
        Add("bare forwarder, of nginx", PerSecondOf(rates[2]), PerSecondOf(rates[1]), Median(rates[2].Zip(rates[1], (one, other) => one / other)));
        Add("processor time a call, of the bare forwarder", Microseconds(Median(processor[us])), Microseconds(Median(processor[2])), Median(processor[us]) / Median(processor[2]));
    }

    private void AddedLatency(params GatewayTarget[] targets)
    {
        var requests = targets.Select(target => target.Completion("fast")).ToList();
        var (p50, p99) = (targets.Select(_ => new List<double>()).ToArray(), targets.Select(_ => new List<double>()).ToArray());

        for (var index = 0; index < targets.Length; index++)
        {
            Generator.Open(targets[index], requests[index], OpenConnections, PerSecond, WarmUp);
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < targets.Length; turn++)
            {
                var index = (turn + round) % targets.Length;
                var times = Generator.Open(targets[index], requests[index], OpenConnections, PerSecond, OpenLength);
                p50[index].Add(At(times, 0.5));
                p99[index].Add(At(times, 0.99));
            }
        }

        for (var index = 1; index < targets.Length; index++)
        {
            var isOurs = index == targets.Length - 1;
            var name = $"added at {PerSecond.ToString("#,0", CultureInfo.InvariantCulture)} requests/s, {targets[index].Name}";
            AddTime($"{name}, p50", p50[index], p50[0], isOurs ? 0.3 : null);
            AddTime($"{name}, p99", p99[index], p99[0], isOurs ? 2 : null);
        }
    }

    private void AddedToStreams(params GatewayTarget[] targets)
    {
        const int connections = 16, each = 12, warmUps = 8;
        var requests = targets.Select(target => target.Completion(ShortStream, streams: true)).ToList();
        var (first, chunk, ages) = (targets.Select(_ => new List<double>()).ToArray(), targets.Select(_ => new List<double>()).ToArray(), targets.Select(_ => new List<double>()).ToArray());

        for (var round = -warmUps; round < Rounds; round++)
        {
            for (var turn = 0; turn < targets.Length; turn++)
            {
                var index = (turn + round + (warmUps * targets.Length)) % targets.Length;
                var streams = Generator.Streams(targets[index], requests[index], connections, each);

                // The first ones are for the compiler.
                if (round >= 0)
                {
                    first[index].Add(At([.. streams.Select(stream => stream.First).Order()], 0.99));
                    ages[index].Add(At([.. streams.SelectMany(stream => stream.Ages).Order()], 0.99));
                    chunk[index].Add(streams.SelectMany(stream => stream.Ages.Skip(1)).Average(age => age.TotalMilliseconds));
                }
            }
        }

        for (var index = 1; index < targets.Length; index++)
        {
            var isOurs = index == targets.Length - 1;
            AddTime($"added to the first chunk, {targets[index].Name}, p99", first[index], first[0], isOurs ? 1 : null);
            AddTime($"added to a chunk, {targets[index].Name}, mean", chunk[index], chunk[0], isOurs ? 0.05 : null);
            AddTime($"added to a chunk, {targets[index].Name}, p99", ages[index], ages[0], null);
        }
    }

    private void ManyAtOnce(GatewayTarget direct, OurGateway ours)
    {
        const int chunks = 50;
        var baseline = Generator.Streams(direct, direct.Completion(LongStream, streams: true), ManyStreams, 1);
        var processor = ProcessorTime(ours.ProcessId);
        var streams = Generator.Streams(ours.Target, ours.Target.Completion(LongStream, streams: true), ManyStreams, 1);
        processor = ProcessorTime(ours.ProcessId) - processor;
        int Whole(IReadOnlyList<StreamTimes> all) => all.Count(stream => stream.IsDone && stream.Ages.Count == chunks);
        var lost = (ManyStreams * chunks) - streams.Sum(stream => stream.Ages.Count);
        _figures.Add(new($"{ManyStreams} paced streams at once, whole", $"{Whole(streams)}", $"{Whole(baseline)}", "", $"all {ManyStreams}", Whole(streams) == ManyStreams && lost == 0));
        AddTime($"added to a chunk, {ManyStreams} streams at once, p99", [At([.. streams.SelectMany(stream => stream.Ages).Order()], 0.99)], [At([.. baseline.SelectMany(stream => stream.Ages).Order()], 0.99)], null);
        _figures.Add(new("processor time a chunk", Microseconds(processor.TotalMicroseconds / (ManyStreams * chunks)), "", "", "", IsKept: true));
    }

    private void CacheHits(GatewayTarget bytes, GatewayTarget ours)
    {
        var (bare, kept) = (bytes.Completion("kept"), ours.Completion("kept"));
        Generator.WarmUp(bytes, bare, ClosedConnections, WarmUp);
        Generator.WarmUp(ours, kept, ClosedConnections, WarmUp);
        var rates = Enumerable.Range(0, Rounds).Select(_ => (
            Bare: Generator.Closed(bytes, bare, ClosedConnections, ClosedLength), Ours: Generator.Closed(ours, kept, ClosedConnections, ClosedLength))).ToList();
        Add(
            $"cache hits, {ClosedConnections} connections, of bare Kestrel with the same bytes", PerSecondOf(rates.Select(rate => rate.Ours)), PerSecondOf(rates.Select(rate => rate.Bare)),
            Median(rates.Select(rate => rate.Ours / rate.Bare)), atLeast: 0.5);
    }

    private void LargeReplies(GatewayTarget direct, GatewayTarget target)
    {
        var megabytes = (Direct: new List<double>(), Ours: new List<double>());
        var (begin, directBegin) = (new List<double>(), new List<double>());

        for (var round = -1; round < Rounds; round++)
        {
            var (bare, our) = (Generator.Closed(direct, direct.Completion(Large), 4, ClosedLength), Generator.Closed(target, target.Completion(Large), 4, ClosedLength));
            var (one, other) = (BeginOf(direct), BeginOf(target));

            if (round >= 0)
            {
                megabytes.Direct.Add(bare);
                megabytes.Ours.Add(our);
                directBegin.Add(one);
                begin.Add(other);
            }
        }

        Add("1 MB replies, 4 connections", $"{Median(megabytes.Ours):0} MB/s", $"{Median(megabytes.Direct):0} MB/s", Median(megabytes.Ours.Zip(megabytes.Direct, (our, bare) => our / bare)));
        var pieces = TimeSpan.FromMilliseconds(10 * ModelStandIn.LargePieces);
        _figures.Add(new(
            $"first bytes of 1 MB that takes {pieces.TotalMilliseconds:0} ms", Milliseconds(Median(begin)), Milliseconds(Median(directBegin)), "", "under half of it", Median(begin) < pieces.TotalMilliseconds / 2));
    }

    private static double BeginOf(GatewayTarget target)
    {
        using var connection = new RawConnection(target);
        return connection.Begin(target.Completion(LargeSlow)).TotalMilliseconds;
    }

    private void Add(string what, string measured, string baseline, double ratio, double? atLeast = null) => _figures.Add(new(
        what, measured, baseline, ratio.ToString("0.00", CultureInfo.InvariantCulture), atLeast is { } least ? string.Create(CultureInfo.InvariantCulture, $"at least {least:0.00}") : "",
        atLeast is null || ratio >= atLeast));

    private void AddTime(string what, IEnumerable<double> measured, IEnumerable<double> baseline, double? most)
    {
        // Of each round the difference, so that what the machine did meanwhile met both.
        var (with, without) = (measured.ToList(), baseline.ToList());
        var added = Median(with.Zip(without, (one, other) => one - other));
        _figures.Add(new(
            what, Milliseconds(added), $"{Milliseconds(Median(without))} direct", "", most is { } bound ? string.Create(CultureInfo.InvariantCulture, $"under {bound} ms") : "", most is null || added < most));
    }

    private static double At(IReadOnlyList<TimeSpan> sorted, double quantile) => sorted[(int)((sorted.Count - 1) * quantile)].TotalMilliseconds;

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private static string PerSecondOf(IEnumerable<double> rates) => Median(rates).ToString("#,0", CultureInfo.InvariantCulture) + "/s";

    private static string Milliseconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture) + " ms";

    private static string Microseconds(double value) => value.ToString("0", CultureInfo.InvariantCulture) + " us";

    private static TimeSpan ProcessorTime(int processId)
    {
        if (processId == 0)
        {
            return TimeSpan.Zero;
        }

        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }
}
