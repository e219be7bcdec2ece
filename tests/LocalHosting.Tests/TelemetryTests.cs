using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests;

public sealed class TelemetryTests
{
    private const string TraceId = "0102030405060708090a0b0c0d0e0f10";

    [Fact]
    public async Task Receiver_SpanWithKey_IsFoundByTraceAndResource()
    {
        await using var app = await TestHosts.Create().StartAsync();
        var configuration = app.Services.GetRequiredService<IConfiguration>();
        using var client = new HttpClient { BaseAddress = new Uri(configuration["ASPNETCORE_URLS"]!) };

        var accepted = await PostAsync(client, configuration["AppHost:OtlpApiKey"], Request(Resource("chat"), Span("GET /chat")));
        var refused = await PostAsync(client, "wrong", Request(Resource("chat"), Span("GET /chat")));
        var malformed = await PostAsync(client, configuration["AppHost:OtlpApiKey"], [0x0a, 0xff]);
        var withoutToken = await client.GetAsync(new Uri("/api/telemetry/spans", UriKind.Relative), TestHosts.InTime());
        client.DefaultRequestHeaders.Add("X-API-Key", configuration["AppHost:BrowserToken"]);
        var found = await client.GetFromJsonAsync<JsonNode>($"/api/telemetry/spans?traceId={TraceId}&resource=CHAT", TestHosts.InTime());
        var other = await client.GetFromJsonAsync<JsonNode>("/api/telemetry/spans?resource=api", TestHosts.InTime());
        var resources = await client.GetFromJsonAsync<JsonNode>("/api/telemetry/resources", TestHosts.InTime());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (accepted, refused, malformed, withoutToken.StatusCode));
        Assert.Equal(
            """{"data":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"chat"}}]},"scopeSpans":[{"scope":{"name":"tests"},"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","name":"GET /chat","startTimeUnixNano":"7","attributes":[{"key":"http.response.status_code","value":{"intValue":"200"}}]}]}]}]},"returnedCount":1}""",
            found!.ToJsonString());
        Assert.Equal("0", other!["returnedCount"]!.ToJsonString());
        Assert.Equal("""[{"name":"chat","instanceIds":[],"spans":1,"logs":0,"metricPoints":0}]""", resources!.ToJsonString());
    }

    [Fact]
    public void Store_TooManySpans_KeepsTheNewestOfTheResource()
    {
        var store = new TelemetryStore();
        for (var i = 0; i < TelemetryStore.MaxSpans + 5; i++)
        {
            store.Add(Signal.Traces, ByteString.CopyFrom(Request(Resource("chat"), Span($"span {i}"))));
        }

        var spans = store.Query(Signal.Traces, null, "chat", int.MaxValue);

        Assert.Equal(TelemetryStore.MaxSpans, spans["returnedCount"]!.GetValue<int>());
        Assert.DoesNotContain("\"span 4\"", spans.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("\"span 5\"", spans.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Store_TooManyMetricPoints_DropsTheOldest()
    {
        var store = new TelemetryStore();
        var points = Enumerable.Range(0, TelemetryStore.MaxPoints / 4).Select(_ => Field(1, []));
        var metric = Field(5, [.. points.SelectMany(p => p)]);
        for (var i = 0; i < 6; i++)
        {
            store.Add(Signal.Metrics, ByteString.CopyFrom(Request(Resource("chat"), metric)));
        }

        Assert.Equal(TelemetryStore.MaxPoints, store.Resources()[0]!["metricPoints"]!.GetValue<int>());
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

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string? key, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        request.Headers.Add("x-otlp-api-key", key);
        using var response = await client.SendAsync(request, TestHosts.InTime());
        return response.StatusCode;
    }

    // {resource_spans: [{resource, scope_spans: [{scope: {name}, spans: [item]}]}]}
    private static byte[] Request(byte[] resource, byte[] item) =>
        Field(1, [.. Field(1, resource), .. Field(2, [.. Field(1, Field(1, "tests"u8)), .. Field(2, item)])]);

    private static byte[] Resource(string name) => Field(1, [.. Field(1, "service.name"u8), .. Field(2, Field(1, System.Text.Encoding.UTF8.GetBytes(name)))]);

    private static byte[] Span(string name) =>
    [
        .. Field(1, Convert.FromHexString(TraceId)),
        .. Field(5, System.Text.Encoding.UTF8.GetBytes(name)),
        0x39, 7, 0, 0, 0, 0, 0, 0, 0,
        .. Field(9, [.. Field(1, "http.response.status_code"u8), .. Field(2, [0x18, 0xc8, 0x01])]),
    ];

    private static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return stream.ToArray();
    }
}
