using System.Text.Json.Nodes;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class FeedTests : IAsyncLifetime
{
    private DashboardHost? _host;

    private DashboardHost Host => _host!;

    public async Task InitializeAsync() => _host = await DashboardHost.StartAsync();

    public Task DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Logs_NewWhileAPageListens_ComeTogether()
    {
        using var page = await ListenAsync("logs");

        await Host.SendAsync("logs", Otlp.Request("feed", Otlp.Log("one"), Otlp.Log("two")));

        Assert.Equal(["one", "two"], (await page.ReadAsync("logs")).AsArray().Select(l => l!["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Traces_Changed_ComeAsTheyAreNow()
    {
        using var page = await ListenAsync("traces");

        await Host.SendAsync("traces", Otlp.Request("feed", Otlp.Span(801, 2, "second", parent: 1), Otlp.Span(801, 1, "first")));

        var trace = (await page.ReadAsync("traces")).AsArray().Single()!;
        Assert.Equal((Otlp.TraceId(801), "first", 2), (trace["id"]!.GetValue<string>(), trace["name"]!.GetValue<string>(), trace["spans"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Traces_MoreThanAPageCanUse_ComeAsTheNewestWithAWordOfTheRest()
    {
        using var page = await ListenAsync("traces");

        await Host.SendAsync("traces", Otlp.Request("feed", [.. Enumerable.Range(10_000, 230).Select(i => Otlp.Span(i, i, $"trace {i}", startMs: (ulong)i))]));

        Assert.Equal("""{"lost":30}""", (await page.ReadAsync("lagged")).ToJsonString());
        var traces = (await page.ReadAsync("traces")).AsArray();
        Assert.Equal((200, "trace 10229"), (traces.Count, traces[0]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Metrics_New_AreTold()
    {
        using var page = await ListenAsync("metrics");

        await Host.SendAsync("metrics", Otlp.Request("feed", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch, 1)])));

        Assert.Equal("{}", (await page.ReadAsync("metrics")).ToJsonString());
    }

    private async Task<Page> ListenAsync(string channels)
    {
        var browser = await Host.LogInAsync();
        var stream = await browser.GetStreamAsync(new Uri($"/api/events?channels={channels}", UriKind.Relative), TestHosts.InTime());
        var page = new Page(browser, new StreamReader(stream));
        await page.ReadLineAsync();
        return page;
    }

    private sealed class Page(HttpClient browser, StreamReader reader) : IDisposable
    {
        public async Task<string> ReadLineAsync() => await reader.ReadLineAsync(TestHosts.InTime()) ?? throw new InvalidOperationException("The stream ended.");

        /// <returns>The data of the next event, which must be of this name.</returns>
        public async Task<JsonNode> ReadAsync(string name)
        {
            string line;
            do
            {
                line = await ReadLineAsync();
            }
            while (line.Length == 0 || line[0] == ':');
            Assert.Equal($"event: {name}", line);
            return JsonNode.Parse((await ReadLineAsync())["data: ".Length..])!;
        }

        public void Dispose()
        {
            reader.Dispose();
            browser.Dispose();
        }
    }
}
