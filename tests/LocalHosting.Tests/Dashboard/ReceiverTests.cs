using System.IO.Compression;
using System.Net;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class ReceiverTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    private const int MaxBytes = 16 * 1024 * 1024;

    [Fact]
    public async Task Post_PackedWithGzip_IsTaken()
    {
        using var response = await host.PostAsync("traces", Gzip(Otlp.Request("packed", Otlp.Span(1, 1, "GET /"))), r => r.Content!.Headers.ContentEncoding.Add("gzip"));

        Assert.Equal((HttpStatusCode.OK, "application/x-protobuf"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, (await host.ReadAsync("/api/telemetry/spans?resource=packed"))["totalCount"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, 16, "The key in x-otlp-api-key is missing or wrong.")]
    [InlineData(HttpStatusCode.BadRequest, 3, "The message ends within a field.")]
    [InlineData(HttpStatusCode.UnsupportedMediaType, 3, "Send application/x-protobuf.")]
    public async Task Post_ThatCannotBeTaken_IsAnsweredWithAStatusMessage(HttpStatusCode expected, int code, string message)
    {
        byte[] body = [.. Otlp.Request("refused", Otlp.Span(1, 1, "GET /")), .. expected == HttpStatusCode.BadRequest ? (byte[])[0x0a, 0xff] : []];

        using var response = await host.PostAsync("traces", body, request =>
        {
            if (expected == HttpStatusCode.Unauthorized)
            {
                request.Headers.Remove("x-otlp-api-key");
                request.Headers.Add("x-otlp-api-key", host.Token);
            }

            request.Content!.Headers.ContentType = new(expected == HttpStatusCode.UnsupportedMediaType ? "application/json" : "application/x-protobuf");
        });

        Assert.Equal((expected, "application/x-protobuf"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        byte[] status = [.. Wire.Number(1, code), .. Wire.Text(2, message)];
        Assert.Equal(status, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(0, (await host.ReadAsync("/api/telemetry/spans?resource=refused"))["totalCount"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.BadRequest)]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType)]
    public async Task Post_NotPackedAsItSays_IsRefused(string encoding, HttpStatusCode expected)
    {
        using var response = await host.PostAsync("logs", Otlp.Request("chat", Otlp.Log("Hello.")), r => r.Content!.Headers.ContentEncoding.Add(encoding));

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_LargerThanMayBe_IsRefusedPackedOrNot(bool isPacked)
    {
        var body = new byte[MaxBytes + 1];

        using var response = await host.PostAsync("traces", isPacked ? Gzip(body) : body, request =>
        {
            // So that the answer comes before the body is sent, and is not lost with the connection.
            request.Headers.ExpectContinue = true;
            request.Content!.Headers.ContentEncoding.Add(isPacked ? "gzip" : "identity");
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        byte[] status = [.. Wire.Number(1, 8), .. Wire.Text(2, "The request is larger than 16 MiB.")];
        Assert.Equal(status, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_SpansWithoutIds_AreRejectedAndTheRestIsKept()
    {
        var request = Otlp.Request("partly", Otlp.Span(7, 1, "kept"), Otlp.Span(0, 2, "no trace"), Otlp.Span(7, 0, "no id"), Otlp.Span(7, 3, "broken", more: [[0x4a, 0x7f]]));

        using var response = await host.PostAsync("traces", request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            Wire.Bytes(1, [.. Wire.Number(1, 3), .. Wire.Text(2, "A span has no valid trace id or span id.")]), await response.Content.ReadAsByteArrayAsync());
        var spans = await host.ReadAsync("/api/telemetry/spans?resource=partly");
        Assert.Equal("kept", spans["data"]!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray().Single()!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Post_DataPointsThatAreNone_AreRejectedAndTheRestIsKept()
    {
        var request = Otlp.Request(
            "points",
            Otlp.Gauge("kept", [Otlp.Point(Otlp.Epoch, 1), Otlp.Point(Otlp.Epoch, double.NaN)]),
            Otlp.Metric("summary", 11, [.. Wire.Bytes(1, []), .. Wire.Bytes(1, [])]),
            Otlp.Histogram("buckets", Otlp.HistogramPoint(Otlp.Epoch, 1, [1, 2], [1])));

        using var response = await host.PostAsync("metrics", request);

        Assert.Equal(
            Wire.Bytes(1, [.. Wire.Number(1, 4), .. Wire.Text(2, "A data point's value is no finite number.")]), await response.Content.ReadAsByteArrayAsync());
        var metric = (await host.ReadAsync("/api/metrics?resource=points")).AsArray().Single()!;
        Assert.Equal(("kept", 1), (metric["name"]!.GetValue<string>(), metric["points"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Stats_AfterRequests_CountWhatWasTakenAndRefused()
    {
        var ownHost = await DashboardHost.StartAsync();
        await ownHost.SendAsync("traces", Otlp.Request("chat", Otlp.Span(1, 1, "one"), Otlp.Span(1, 2, "two")));
        await ownHost.SendAsync("logs", Otlp.Request("chat", Otlp.Log("Hello.")));
        await ownHost.SendAsync("metrics", Otlp.Request("chat", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch, 1)])));
        using var partly = await ownHost.PostAsync("traces", Otlp.Request("chat", Otlp.Span(0, 0, "none")));
        using var refused = await ownHost.PostAsync("traces", [0xff]);

        var stats = await ownHost.ReadAsync("/api/stats");
        await ownHost.DisposeAsync();

        Assert.Equal("""{"requests":5,"rejected":2}""", stats["receiver"]!.ToJsonString());
        Assert.Equal((2, 2, 0), Counts(stats["spans"]!));
        Assert.Equal((1, 1, 0), Counts(stats["logs"]!));
        Assert.Equal((1, 1, 0), Counts(stats["metricPoints"]!));
        Assert.All((string[])["spans", "logs", "metricPoints"], name => Assert.InRange(stats[name]!["bytes"]!.GetValue<long>(), 1, 10_000));
    }

    [Fact]
    public async Task Log_OfMalformedRequests_HasNoneOfTheirContents()
    {
        using var response = await host.PostAsync("logs", [.. Otlp.Request("secretive", Otlp.Log("whispered")), 0xff]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain(host.Log, l => l.Contains("whispered", StringComparison.Ordinal) || l.Contains("secretive", StringComparison.Ordinal));
    }

    private static (int Count, int Received, int Dropped) Counts(System.Text.Json.Nodes.JsonNode statistics) =>
        (statistics["count"]!.GetValue<int>(), statistics["received"]!.GetValue<int>(), statistics["dropped"]!.GetValue<int>());

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
