using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.LocalHosting.Tests.Dashboard;
using Aspire.Hosting;

namespace AiPlatform.LocalHosting.Tests;

public sealed class TelemetryTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Fact]
    public async Task Receiver_SpanWithKey_IsFoundByTraceAndResource()
    {
        var ownHost = await DashboardHost.StartAsync();
        await ownHost.SendAsync("traces", Otlp.Request("chat", [.. Wire.Bytes(1, Convert.FromHexString(Otlp.TraceId(16))), .. Wire.Bytes(2, Convert.FromHexString(Otlp.SpanId(1))), .. Wire.Text(5, "GET /chat"), .. Wire.Fixed(7, 7), .. Otlp.Attribute(9, "http.response.status_code", 200)]));

        var found = await ownHost.ReadAsync($"/api/telemetry/spans?traceId={Otlp.TraceId(16)}&resource=CHAT");
        var other = await ownHost.ReadAsync("/api/telemetry/spans?resource=api");
        var resources = await ownHost.ReadAsync("/api/telemetry/resources");
        await ownHost.DisposeAsync();

        Assert.Equal(
            """{"data":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"chat"}}]},"scopeSpans":[{"scope":{"name":"tests"},"spans":[{"traceId":"00000000000000000000000000000010","spanId":"0000000000000001","name":"GET /chat","startTimeUnixNano":"7","attributes":[{"key":"http.response.status_code","value":{"intValue":"200"}}]}]}]}]},"totalCount":1,"returnedCount":1}""",
            found.ToJsonString());
        Assert.Equal("0", other["returnedCount"]!.ToJsonString());
        Assert.Equal("""[{"name":"chat","instanceIds":[],"spans":1,"logs":0,"metricPoints":0}]""", resources.ToJsonString());
    }

    [Theory]
    [InlineData("spans?resource=query-spans", 3, "GET /a|db|GET /b")]
    [InlineData("spans?resource=query-spans&limit=2", 3, "db|GET /b")]
    [InlineData("spans?resource=query-spans&hasError=true", 1, "GET /b")]
    [InlineData("spans?resource=query-spans&hasError=false", 2, "GET /a|db")]
    [InlineData("spans?resource=query-spans&traceId=00000000000000000000000000000065", 2, "GET /a|db")]
    [InlineData("spans?resource=query-spans&traceId=nonsense", 0, "")]
    [InlineData("spans?resource=query-spans&search=SELECT", 1, "db")]
    [InlineData("traces/00000000000000000000000000000065", 2, "GET /a|db")]
    public async Task Spans_Asked_AreThoseThatMatch(string query, int total, string names)
    {
        await host.SendAsync("traces", Otlp.Request("query-spans", Otlp.Span(101, 1, "GET /a"), Otlp.Span(101, 2, "db", more: Otlp.Attribute(9, "db.query.text", "select 1")), Otlp.Span(102, 3, "GET /b", isError: true)));

        var answer = await host.ReadAsync($"/api/telemetry/{query}");
        await host.ReadAsync("/api/telemetry/resources");
        using var browser = await host.LogInAsync();
        using var cleared = await browser.DeleteAsync(new Uri("/api/telemetry?signal=traces&resource=query-spans", UriKind.Relative), TestHosts.InTime());

        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Equal((total, names), (answer["totalCount"]!.GetValue<int>(), string.Join('|', Entries(answer, "resourceSpans", "scopeSpans", "spans").Select(s => s["name"]!.GetValue<string>()))));
    }

    [Theory]
    [InlineData("", "one|two|three")]
    [InlineData("&severity=warning", "two|three")]
    [InlineData("&severity=Critical", "")]
    [InlineData("&traceId=000000000000000000000000000000c9", "three")]
    [InlineData("&traceId=nonsense", "")]
    [InlineData("&search=HRE", "three")]
    [InlineData("&limit=1", "three")]
    public async Task Logs_Asked_AreThoseThatMatch(string query, string messages)
    {
        var ownHost = await DashboardHost.StartAsync();
        await ownHost.SendAsync("logs", Otlp.Request("chat", Otlp.Log("one"), Otlp.Log("two", severity: 13), Otlp.Log("three", severity: 17, trace: 201)));

        var answer = await ownHost.ReadAsync($"/api/telemetry/logs?resource=chat{query}");
        await ownHost.DisposeAsync();

        Assert.Equal(messages, string.Join('|', Entries(answer, "resourceLogs", "scopeLogs", "logRecords").Select(l => l["body"]!["stringValue"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("/api/telemetry/logs?severity=loud", HttpStatusCode.BadRequest)]
    [InlineData("/api/telemetry/logs?severity=3", HttpStatusCode.BadRequest)]
    [InlineData("/api/telemetry/spans?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/telemetry/traces/nonsense", HttpStatusCode.NotFound)]
    [InlineData("/api/telemetry/traces/ffffffffffffffffffffffffffffffff", HttpStatusCode.NotFound)]
    public async Task Query_OfWhatIsNot_IsAProblem(string path, HttpStatusCode expected)
    {
        Assert.Equal(expected, await host.StatusAsync(path));
    }

    [Fact]
    public async Task Clear_OfAnUnknownSignal_IsAProblemAndClearsNothing()
    {
        await host.SendAsync("traces", Otlp.Request("not-cleared", Otlp.Span(1, 1, "kept")));
        using var browser = await host.LogInAsync();

        using var response = await browser.DeleteAsync(new Uri("/api/telemetry?signal=everything", UriKind.Relative), TestHosts.InTime());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(1, (await host.ReadAsync("/api/telemetry/spans?resource=not-cleared"))["totalCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task Spans_Followed_AreWhatIsThereThenWhatComesUntilTheRunEnds()
    {
        var ownHost = await DashboardHost.StartAsync();
        await ownHost.SendAsync("traces", Otlp.Request("chat", Otlp.Span(1, 1, "too old"), Otlp.Span(1, 2, "there"), Otlp.Span(1, 3, "there too")));
        using var client = new HttpClient { BaseAddress = ownHost.Url };
        client.DefaultRequestHeaders.Add("X-API-Key", ownHost.Token);

        using var response = await client.GetAsync(
            new Uri("/api/telemetry/spans?follow=true&resource=chat&limit=2", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestHosts.InTime());
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestHosts.InTime()));
        List<string> names = [await NextAsync(reader), await NextAsync(reader)];
        await ownHost.SendAsync("traces", Otlp.Request("api", Otlp.Span(1, 4, "another's")));
        await ownHost.SendAsync("traces", Otlp.Request("chat", Otlp.Span(1, 5, "new"), Otlp.Span(1, 6, "newer")));
        names.AddRange([await NextAsync(reader), await NextAsync(reader)]);
        await ownHost.DisposeAsync();

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(["there", "there too", "new", "newer"], names);
        Assert.Equal("", await reader.ReadToEndAsync(TestHosts.InTime()));
    }

    [Fact]
    public async Task Endpoint_Configured_ReplacesOurReceiver()
    {
        var builder = TestHosts.Create("--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://localhost:4318", "--AppHost:OtlpApiKey=given");
        builder.AddShell("job", "echo $OTEL_EXPORTER_OTLP_ENDPOINT $OTEL_EXPORTER_OTLP_HEADERS").WithOtlpExporter();
        await using var app = await builder.StartAsync();
        await app.WaitForEndAsync("job");

        Assert.Contains("http://localhost:4318 x-otlp-api-key=given", await app.LogAsync("job"));
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        var line = JsonNode.Parse((await reader.ReadLineAsync(TestHosts.InTime()))!)!;
        return line["resourceSpans"]!.AsArray().Single()!["scopeSpans"]!.AsArray().Single()!["spans"]!.AsArray().Single()!["name"]!.GetValue<string>();
    }

    private static IEnumerable<JsonNode> Entries(JsonNode answer, string list, string scopes, string entries) =>
        answer["data"]![list]!.AsArray().SelectMany(r => r![scopes]!.AsArray()).SelectMany(s => s![entries]!.AsArray()).Select(e => e!);
}
