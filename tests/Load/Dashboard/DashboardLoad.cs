using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AiPlatform.Load.Dashboard;

/// <summary>What the dashboard's receiver takes on one core, and how long its lists and a large trace take with full memory.</summary>
internal sealed class DashboardLoad : ILoad
{
    private const int Senders = 4;
    private const int Requests = 64;
    private const int LeastSpansPerSecond = 20_000;
    private const int LargeTrace = 2_000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    public string Name => "dashboard";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        using var dashboard = await DashboardProcess.StartAsync(cancellationToken);
        using var client = new HttpClient { BaseAddress = dashboard.Url };
        client.DefaultRequestHeaders.Add("x-otlp-api-key", DashboardProcess.Key);
        client.DefaultRequestHeaders.Add("X-API-Key", DashboardProcess.Key);
        await LogInAsync(client, cancellationToken);
        var requests = SpanRequests.Make(Requests);

        // Until the compiler is done.
        await SendAsync(client, requests, isPacked: false, cancellationToken);
        List<Figure> figures =
        [
            .. await MeasureAsync("spans", requests, false),
            .. await MeasureAsync("spans, gzip", [.. requests.Select(SpanRequests.Pack)], true),
        ];

        var traceId = RandomNumberGenerator.GetBytes(16);
        await PostAsync(client, "logs", SpanRequests.Logs(20_000), false, cancellationToken);
        await PostAsync(client, "traces", SpanRequests.OneTrace(traceId, LargeTrace), false, cancellationToken);
        figures.Add(await TimeAsync("a trace of 2,000 spans", $"/api/traces/{Convert.ToHexStringLower(traceId)}", 1_000));
        figures.Add(await TimeAsync("list of traces, 50,000 spans kept", "/api/traces", null));
        figures.Add(await TimeAsync("traces with a text in any of 50,000 spans", "/api/traces?text=no+such+text", null));
        figures.Add(await TimeAsync("list of logs, 20,000 kept", "/api/structuredlogs", null));
        figures.Add(await TimeAsync("logs with a text that none of 20,000 has", "/api/structuredlogs?text=no+such+text", null));
        figures.Add(await TimeAsync("logs with a text that all of 20,000 have", "/api/structuredlogs?text=read+client", null));
        figures.Add(await PaceAsync(requests));
        figures.Add(new("memory of the process, all full", $"{dashboard.MemoryBytes / 1_048_576} MB", "", "", "", true));
        return figures;

        async Task<IReadOnlyList<Figure>> MeasureAsync(string what, List<byte[]> bodies, bool isPacked)
        {
            var (before, processor) = (await StatisticsAsync(client, cancellationToken), dashboard.ProcessorTime);
            var (sent, elapsed) = await SendAsync(client, bodies, isPacked, cancellationToken);
            var (after, used) = (await StatisticsAsync(client, cancellationToken), dashboard.ProcessorTime - processor);
            var rate = (after.Received - before.Received) / elapsed.TotalSeconds;
            return
            [
                new($"{what} received on one core, {Senders} senders", $"{rate:N0}/s", "", "", $"at least {LeastSpansPerSecond:N0}/s", rate >= LeastSpansPerSecond),
                new($"{what} of {sent:N0} sent that were refused or lost", $"{sent - (after.Received - before.Received) + after.Rejected - before.Rejected:N0}", "", "", "none", sent == after.Received - before.Received && after.Rejected == before.Rejected),
                new($"{what}, processor time each", $"{used.TotalMicroseconds / sent:0.0} us", "", "", "", true),
            ];
        }

        // At the promised rate: how busy the core is, and whether the run's history keeps up.
        async Task<Figure> PaceAsync(List<byte[]> bodies)
        {
            var (begun, processor) = (Stopwatch.GetTimestamp(), dashboard.ProcessorTime);
            var lost = await LostAsync(client, cancellationToken);
            for (var i = 0; Stopwatch.GetElapsedTime(begun) < Duration; i++)
            {
                await PostAsync(client, "traces", bodies[i % bodies.Count], false, cancellationToken);
                var next = TimeSpan.FromSeconds((double)(i + 1) * SpanRequests.SpansInRequest / LeastSpansPerSecond);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, (next - Stopwatch.GetElapsedTime(begun)).TotalMilliseconds)), cancellationToken);
            }

            var share = (dashboard.ProcessorTime - processor) / Stopwatch.GetElapsedTime(begun);
            lost = await LostAsync(client, cancellationToken) - lost;
            return new($"of the core at {LeastSpansPerSecond:N0} spans/s, with the history on disk", $"{share:P0}, {lost} batches lost", "", "", "none lost", lost == 0);
        }

        async Task<Figure> TimeAsync(string what, string path, int? most)
        {
            var times = new List<double>();
            for (var i = 0; i < 40; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                await client.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            // The first ones compile.
            List<double> sorted = [.. times.Skip(10).Order()];
            var (median, slowest) = (sorted[sorted.Count / 2], sorted[^1]);
            return new(what, $"{median:0.0} ms, at most {slowest:0.0}", "", "", most is null ? "" : $"under {most:N0} ms", most is null || slowest < most);
        }
    }

    private static async Task<(long Spans, TimeSpan Elapsed)> SendAsync(HttpClient client, List<byte[]> bodies, bool isPacked, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var sent = 0L;
            for (var i = sender; Stopwatch.GetElapsedTime(begun) < Duration; i++, sent++)
            {
                await PostAsync(client, "traces", bodies[i % bodies.Count], isPacked, cancellationToken);
            }

            return sent;
        })));
        return (counts.Sum() * SpanRequests.SpansInRequest, Stopwatch.GetElapsedTime(begun));
    }

    private static async Task PostAsync(HttpClient client, string signal, byte[] body, bool isPacked, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (isPacked)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        using var response = await client.PostAsync(new Uri($"/v1/{signal}", UriKind.Relative), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    // The cookie stays with the client.
    private static async Task LogInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(new Uri($"/login?t={DashboardProcess.Key}", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<long> LostAsync(HttpClient client, CancellationToken cancellationToken) =>
        (await client.GetFromJsonAsync<JsonNode>(new Uri("/api/runs", UriKind.Relative), cancellationToken))![0]!["lost"]!.GetValue<long>();

    private static async Task<(long Received, long Rejected)> StatisticsAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var statistics = (await client.GetFromJsonAsync<JsonNode>(new Uri("/api/stats", UriKind.Relative), cancellationToken))!;
        return (statistics["spans"]!["received"]!.GetValue<long>(), statistics["receiver"]!["rejected"]!.GetValue<long>());
    }
}
