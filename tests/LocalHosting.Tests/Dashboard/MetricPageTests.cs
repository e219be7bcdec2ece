using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class MetricPageTests : IAsyncLifetime
{
    // A minute and a half after the first points.
    private readonly TestTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds((Otlp.Epoch / Otlp.Second) + 90));
    private DashboardHost? _host;

    private DashboardHost Host => _host!;

    public async Task InitializeAsync() => _host = await DashboardHost.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(_time));

    public Task DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Instruments_OfAllServices_AreListed()
    {
        await Host.SendAsync("metrics", Otlp.Request("chat", null, "Chat", Otlp.Sum("requests", [Otlp.Point(At(1), 1), Otlp.Point(At(2), 2)]), Otlp.Histogram("duration", Otlp.HistogramPoint(At(1), 1, [1], [1, 0]))));
        await Host.SendAsync("metrics", Otlp.Request("api", null, "Api", Otlp.Gauge("memory", [Otlp.Point(At(1), 1)])));

        var all = await Host.ReadAsync("/api/metrics");
        var ofOne = await Host.ReadAsync("/api/metrics?resource=API");

        const string Memory = """{"resource":"api","meter":"Api","name":"memory","unit":"s","description":"What it counts.","kind":"gauge","isMonotonic":false,"points":1}""";
        Assert.Equal(
            $$"""[{{Memory}},{"resource":"chat","meter":"Chat","name":"duration","unit":"s","description":"What it counts.","kind":"histogram","isMonotonic":false,"points":1},{"resource":"chat","meter":"Chat","name":"requests","unit":"s","description":"What it counts.","kind":"sum","isMonotonic":true,"points":2}]""",
            all.ToJsonString());
        Assert.Equal($"[{Memory}]", ofOne.ToJsonString());
    }

    [Fact]
    public async Task Series_OfARisingSum_IsItsRateAndBeginsAnewWithTheProcess()
    {
        await SendAsync(Otlp.Sum("s", [Otlp.Point(At(0), 10), Otlp.Point(At(2), 30), Otlp.Point(At(4), 30), Otlp.Point(At(5), 4)]));

        Assert.Equal($"{Ms(2)} 10|{Ms(4)} 0|{Ms(5)} 4", Points(await SeriesAsync("s")));
    }

    [Fact]
    public async Task Series_OfADeltaSum_IsItsRateToo()
    {
        await SendAsync(Otlp.Sum("s", [Otlp.Point(At(0), 10), Otlp.Point(At(2), 30), Otlp.Point(At(4), 6)], isDelta: true));

        Assert.Equal($"{Ms(2)} 15|{Ms(4)} 3", Points(await SeriesAsync("s")));
    }

    [Fact]
    public async Task Series_OfAValueThatRepeats_KeepsTheEndsOfTheStretch()
    {
        await SendAsync(Otlp.Sum("s", [.. Enumerable.Range(0, 50).Select(i => Otlp.Point(At(i), 7)), Otlp.Point(At(50), 8)], isMonotonic: false));

        Assert.Equal($"{Ms(0)} 7|{Ms(49)} 7|{Ms(50)} 8", Points(await SeriesAsync("s")));
    }

    [Fact]
    public async Task Series_OfTheLastMinute_BeginsWithTheLastValueBefore()
    {
        await SendAsync(Otlp.Gauge("g", [Otlp.Point(At(1), 1), Otlp.Point(At(20), 2), Otlp.Point(At(60), 3)]));

        Assert.Equal($"{Ms(30)} 2|{Ms(60)} 3", Points(await SeriesAsync("g", minutes: 1)));
    }

    [Fact]
    public async Task Series_WithAttributes_ArePartedAndReplicasNamed()
    {
        var points = new[] { Otlp.Point(At(1), 1, Otlp.Attribute(7, "route", "/a")), Otlp.Point(At(1), 2, Otlp.Attribute(7, "route", "/b")) };
        await Host.SendAsync("metrics", Otlp.Request("chat", "one", "tests", Otlp.Gauge("g", points)));
        var single = await SeriesAsync("g");
        await Host.SendAsync("metrics", Otlp.Request("chat", "two", "tests", Otlp.Gauge("g", points[..1])));
        var several = await SeriesAsync("g");

        Assert.Equal("""[["route","/a"]]|[["route","/b"]]""", Attributes(single));
        Assert.Equal(
            """[["route","/a"],["service.instance.id","one"]]|[["route","/b"],["service.instance.id","one"]]|[["route","/a"],["service.instance.id","two"]]""", Attributes(several));
    }

    [Fact]
    public async Task Series_OfAHistogram_HasTheQuantilesOfEachInterval()
    {
        await SendAsync(Otlp.Histogram(
            "h",
            Otlp.HistogramPoint(At(1), 300, [0, 10, 20], [0, 10, 10, 0]),
            Otlp.HistogramPoint(At(2), 460, [0, 10, 20], [0, 10, 20, 0]),
            Otlp.HistogramPoint(At(3), 560, [0, 10, 20], [0, 10, 20, 2]),
            Otlp.HistogramPoint(At(4), 560, [0, 10, 20], [0, 10, 20, 2])));

        var series = await SeriesAsync("h");

        Assert.Equal(("histogram", "s"), (series["kind"]!.GetValue<string>(), series["unit"]!.GetValue<string>()));
        Assert.Equal($"{Ms(1)} 20 300 10 18 19.8|{Ms(2)} 10 160 15 19 19.9|{Ms(3)} 2 100 20 20 20|{Ms(4)} 0 0   ", Points(series));
    }

    [Fact]
    public async Task Series_OfAnExponentialHistogram_HasQuantilesAlsoAfterItsScaleWentDown()
    {
        // Scale 0: bucket i lies between 2^i and 2^(i+1). Scale -1 joins two of them.
        await SendAsync(Otlp.Metric("h", 10,
        [
            .. Wire.Bytes(1, Exponential(At(1), 4, 0, offset: 2, [4])),
            .. Wire.Bytes(1, Exponential(At(2), 6, -1, offset: 1, [4, 2])),
            .. Wire.Number(2, 2),
        ]));

        Assert.Equal($"{Ms(1)} 4 40 6 7.6 7.96|{Ms(2)} 2 20 40 59.2 63.52", Points(await SeriesAsync("h")));
    }

    [Fact]
    public async Task Exemplars_OfASeries_LeadToTheirTracesOnce()
    {
        byte[] exemplar = Wire.Bytes(5, [.. Wire.Fixed(2, At(1)), .. Wire.Double(3, 0.5), .. Wire.Bytes(4, Convert.FromHexString(Otlp.SpanId(2))), .. Wire.Bytes(5, Convert.FromHexString(Otlp.TraceId(1)))]);
        await SendAsync(Otlp.Gauge("g", [Otlp.Point(At(1), 1, exemplar), Otlp.Point(At(2), 2, exemplar, Wire.Bytes(5, Wire.Fixed(2, At(2))))]));

        Assert.Equal(
            $$"""[{"time":{{Ms(1)}},"value":0.5,"traceId":"{{Otlp.TraceId(1)}}","spanId":"{{Otlp.SpanId(2)}}"}]""", (await SeriesAsync("g"))["exemplars"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/metrics/series?resource=chat&meter=tests&name=unknown", HttpStatusCode.NotFound)]
    [InlineData("/api/metrics/series", HttpStatusCode.NotFound)]
    [InlineData("/api/metrics/series?minutes=some", HttpStatusCode.BadRequest)]
    [InlineData("/api/metrics?run=unknown", HttpStatusCode.NotFound)]
    public async Task Query_OfWhatIsNot_IsAProblem(string path, HttpStatusCode expected)
    {
        Assert.Equal(expected, await Host.StatusAsync(path));
    }

    private static byte[] Exponential(ulong at, ulong count, int scale, int offset, ulong[] counts) =>
    [
        .. Wire.Fixed(3, at),
        .. Wire.Fixed(4, count),
        .. Wire.Double(5, count * 10),
        .. Wire.Number(6, ZigZag(scale)),
        .. Wire.Bytes(8, [.. Wire.Number(1, ZigZag(offset)), .. Wire.Bytes(2, [.. counts.SelectMany(Wire.Varint)])]),
    ];

    private static long ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    private static ulong At(int second) => Otlp.Epoch + ((ulong)second * Otlp.Second);

    private static double Ms(int second) => At(second) / 1e6;

    private static string Points(JsonNode series) =>
        string.Join('|', series["dimensions"]!.AsArray().Single()!["points"]!.AsArray().Select(p => string.Join(' ', p!.AsArray().Select(v => v is null ? "" : Math.Round(v.GetValue<double>(), 6).ToString(CultureInfo.InvariantCulture)))));

    private static string Attributes(JsonNode series) => string.Join('|', series["dimensions"]!.AsArray().Select(d => d!["attributes"]!.ToJsonString()));

    private Task SendAsync(byte[] metric) => Host.SendAsync("metrics", Otlp.Request("chat", metric));

    private Task<JsonNode> SeriesAsync(string name, int minutes = 5) => Host.ReadAsync($"/api/metrics/series?resource=chat&meter=tests&name={name}&minutes={minutes}");
}
