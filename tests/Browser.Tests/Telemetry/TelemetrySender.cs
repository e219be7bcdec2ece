using System.Net;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Browser.Tests.Telemetry;

/// <summary>A service of a test's own that sends telemetry to the dashboard. Pages are filtered by its name, so that what the graph itself sends does not matter.</summary>
internal sealed class TelemetrySender(DistributedApplication app) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = new(app.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]!) };
    private readonly string? _key = app.Services.GetRequiredService<IConfiguration>()["AppHost:OtlpApiKey"];
    private int _logs;

    /// <summary>The service's name.</summary>
    public string Name { get; init; } = $"shop-{Ids.Span()}";

    /// <summary>What the milliseconds of spans count from, and the time of the first log; each further one is a millisecond later.</summary>
    public DateTimeOffset Origin { get; init; } = DateTimeOffset.UtcNow;

    public void Dispose() => _client.Dispose();

    public Task SendAsync(params IReadOnlyCollection<SentSpan> spans) => PostAsync("/v1/traces", Name, spans.Select(span => span.ToProto(Origin)));

    /// <summary>Spans of another service in the same traces.</summary>
    public Task SendAsAsync(string name, params IReadOnlyCollection<SentSpan> spans) => PostAsync("/v1/traces", name, spans.Select(span => span.ToProto(Origin)));

    public Task SendAsync(params IReadOnlyCollection<SentLog> logs) => PostAsync("/v1/logs", Name, logs.Select(log => log.ToProto(Origin.AddMilliseconds(_logs++))));

    public Task SendMetricsAsync(params IReadOnlyCollection<byte[]> metrics) => PostAsync("/v1/metrics", Name, metrics);

    // {1 = {1 = resource {1 = attributes}, 2 = {1 = scope {1 = name}, 2 = items}}}
    private async Task PostAsync(string path, string name, IEnumerable<byte[]> items)
    {
        var resource = Proto.Bytes(1, Proto.Message(Proto.Attributes(1, [("service.name", name)])));
        var scope = Proto.Bytes(2, Proto.Message([Proto.Bytes(1, Proto.Text(1, "tests")), .. items.Select(item => Proto.Bytes(2, item))]));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Proto.Bytes(1, Proto.Message(resource, scope))) };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        request.Headers.Add("x-otlp-api-key", _key);

        using var response = await _client.SendAsync(request);

        // An empty body: everything was taken.
        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }
}
