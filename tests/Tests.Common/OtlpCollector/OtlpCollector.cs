using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>
/// Receives OTLP over HTTP/protobuf and keeps it for assertions. A service under test gets <see cref="Url"/> as
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and <c>http/protobuf</c> as the protocol.
/// </summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private const string ApiKeyHeader = "x-otlp-api-key";

    private readonly WebApplication _app;
    private readonly string? _apiKey;
    private readonly Lock _gate = new();
    private readonly List<CollectedSpan> _spans = [];
    private readonly List<CollectedLog> _logs = [];
    private readonly List<CollectedMetric> _metrics = [];
    private readonly List<byte[]> _payloads = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _refused;

    private OtlpCollector(string? apiKey)
    {
        _apiKey = apiKey;
        _app = LoopbackHost.Create();
        _app.MapPost("/v1/traces", context => ReceiveAsync(context, body => _spans.AddRange(OtlpReader.Spans(body))));
        _app.MapPost("/v1/logs", context => ReceiveAsync(context, body => _logs.AddRange(OtlpReader.Logs(body))));
        _app.MapPost("/v1/metrics", context => ReceiveAsync(context, body => _metrics.AddRange(OtlpReader.Metrics(body))));
    }

    public string Url => LoopbackHost.UrlOf(_app);

    /// <summary>For <c>OTEL_EXPORTER_OTLP_HEADERS</c>; null when no key is asked for.</summary>
    public string? Headers => _apiKey is null ? null : $"{ApiKeyHeader}={_apiKey}";

    public IReadOnlyList<CollectedSpan> Spans => Snapshot(_spans);

    public IReadOnlyList<CollectedLog> Logs => Snapshot(_logs);

    /// <summary>Data points in order of arrival; the same series comes again with every export.</summary>
    public IReadOnlyList<CollectedMetric> Metrics => Snapshot(_metrics);

    /// <summary>Every accepted request's body as it came.</summary>
    public IReadOnlyList<byte[]> Payloads => Snapshot(_payloads);

    /// <summary>Requests that came with a wrong key or none.</summary>
    public int Refused => _refused;

    public static async Task<OtlpCollector> StartAsync(string? apiKey = null)
    {
        var collector = new OtlpCollector(apiKey);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits until the spans received so far are what the test asks for.</summary>
    public Task<IReadOnlyList<CollectedSpan>> WaitForSpansAsync(Func<IReadOnlyList<CollectedSpan>, bool> predicate, TimeSpan? timeout = null) =>
        WaitAsync(_spans, predicate, span => $"{span.ServiceName}: {span.Name}", timeout);

    /// <inheritdoc cref="WaitForSpansAsync"/>
    public Task<IReadOnlyList<CollectedLog>> WaitForLogsAsync(Func<IReadOnlyList<CollectedLog>, bool> predicate, TimeSpan? timeout = null) =>
        WaitAsync(_logs, predicate, log => $"{log.ServiceName}: {log.Body}", timeout);

    /// <inheritdoc cref="WaitForSpansAsync"/>
    public Task<IReadOnlyList<CollectedMetric>> WaitForMetricsAsync(
        Func<IReadOnlyList<CollectedMetric>, bool> predicate, TimeSpan? timeout = null) =>
        WaitAsync(_metrics, predicate, metric => $"{metric.ServiceName}: {metric.Name}", timeout);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context, Action<byte[]> read)
    {
        if (_apiKey is not null && context.Request.Headers[ApiKeyHeader] != _apiKey)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        lock (_gate)
        {
            _payloads.Add(body.ToArray());
            read(_payloads[^1]);
            _arrival.SetResult();
            _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // An empty Export...Response: everything accepted.
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task<IReadOnlyList<T>> WaitAsync<T>(
        List<T> items, Func<IReadOnlyList<T>, bool> predicate, Func<T, string> describe, TimeSpan? timeout)
    {
        using var bounded = new CancellationTokenSource(timeout ?? Eventually.Timeout);
        while (true)
        {
            IReadOnlyList<T> snapshot;
            Task arrival;
            lock (_gate)
            {
                snapshot = [.. items];
                arrival = _arrival.Task;
            }

            if (predicate(snapshot))
            {
                return snapshot;
            }

            try
            {
                await arrival.WaitAsync(bounded.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"The telemetry waited for did not come. The last of {snapshot.Count}:\n{string.Join('\n', snapshot.TakeLast(60).Select(describe))}");
            }
        }
    }

    private List<T> Snapshot<T>(List<T> items)
    {
        lock (_gate)
        {
            return [.. items];
        }
    }
}
