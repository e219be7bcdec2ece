using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.ConsoleLogs;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class ConsoleLogsTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Fact]
    public async Task Lines_OfOneResourceAndOfAll_ComeInTheOrderOfTheirWriting()
    {
        await using var own = await DashboardHost.StartAsync(builder =>
        {
            builder.AddShell("api", "echo one; echo two >&2; exit 3");
            builder.AddShell("chat", "echo three");
        });
        var notifications = own.Get<ResourceNotificationService>();
        await notifications.WaitForResourceAsync("api", "Finished", TestHosts.InTime());
        await notifications.WaitForResourceAsync("chat", "Finished", TestHosts.InTime());
        using var browser = await own.LogInAsync();

        var api = await ReadAsync(browser, "?resource=API");
        var all = await ReadAsync(browser, "");

        Assert.Equal([("one", false), ("two", true)], api.Lines.Select(l => (l.Text, l.IsError)).Order());
        Assert.All(api.Lines, l => Assert.Equal(("api", true), (l.Resource, l.Instance.StartsWith("api-", StringComparison.Ordinal))));
        Assert.Equal(3, all.Lines.Count);
        Assert.Equal(all.Lines.OrderBy(l => l.N), all.Lines);
        Assert.All(all.Lines, l => Assert.InRange(l.Time, DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task Lines_AfterOne_AreTheNextOnesAndSayWhetherThereAreMore()
    {
        await using var own = await DashboardHost.StartAsync(builder => builder.AddShell("api", "for i in 1 2 3 4 5; do echo $i; done"));
        await own.Get<ResourceNotificationService>().WaitForResourceAsync("api", "Finished", TestHosts.InTime());
        using var browser = await own.LogInAsync();

        var last = await ReadAsync(browser, "?resource=api&limit=2");
        var first = (await ReadAsync(browser, "?resource=api")).Lines[0];
        var next = await ReadAsync(browser, $"?resource=api&limit=2&after={first.N}");
        var end = await ReadAsync(browser, $"?resource=api&limit=2&after={last.Lines[0].N}");

        Assert.Equal(("4 5", true), Shown(last));
        Assert.Equal(("2 3", true), Shown(next));
        Assert.Equal(("5", false), Shown(end));
    }

    [Fact]
    public void Store_TooManyLines_LosesTheOldestOfThatResourceOnly()
    {
        var store = new ConsoleStore();
        Add(store, "quiet", "here");
        for (var i = 0; i < (2 * ConsoleStore.MaxLines) + 5; i++)
        {
            Add(store, "loud", $"{i}");
        }

        var loud = store.Read("loud", null, int.MaxValue).Lines;

        Assert.Equal(ConsoleStore.MaxLines, loud.Count);
        Assert.Equal(($"{ConsoleStore.MaxLines + 5}", $"{(2 * ConsoleStore.MaxLines) + 4}"), (loud[0].Text, loud[^1].Text));
        Assert.Equal("here", Assert.Single(store.Read("quiet", null, int.MaxValue).Lines).Text);
        Assert.Equal(loud.TakeLast(2), store.Read(null, loud[^3].N, int.MaxValue).Lines);
    }

    [Fact]
    public void Store_TooManyCharacters_LosesTheOldest()
    {
        var store = new ConsoleStore();
        for (var i = 0; i < 5; i++)
        {
            Add(store, "loud", new string((char)('a' + i), ConsoleStore.MaxCharacters / 3));
        }

        Assert.Equal(["c", "d", "e"], store.Read("loud", null, int.MaxValue).Lines.Select(l => l.Text[..1]));
    }

    [Fact]
    public async Task Line_WrittenNow_ReachesAnOpenPageWhateverIsInIt()
    {
        using var browser = await host.LogInAsync();
        await using var events = await EventReader.OpenAsync(browser, "console:worker");

        // Half of a character, as a line that was cut may end, and a text of two lines.
        host.Get<ResourceLoggerService>().Write("worker", "\x1b[32mgreen\x1b[0m \ud83d", isError: true);
        host.Get<ResourceLoggerService>().Write("worker", "first\r\nsecond", isError: false);

        var lines = new List<string>();
        while (lines.Count < 3)
        {
            var data = await events.UntilAsync("console", d => d["resource"]!.GetValue<string>() == "worker");
            lines.AddRange(data["lines"]!.AsArray().Select(l => $"{l!["isError"]} {l["text"]}"));
        }

        Assert.Equal(["true \x1b[32mgreen\x1b[0m \ufffd", "false first", "false second"], lines);
    }

    [Fact]
    public async Task Download_OfAResource_IsAFileOfItsLinesWithoutColours()
    {
        await using var own = await DashboardHost.StartAsync(builder => builder.AddShell("api", "printf '\\033[1;31mred\\033[0m and plain\\n'"));
        await own.Get<ResourceNotificationService>().WaitForResourceAsync("api", "Finished", TestHosts.InTime());
        using var browser = await own.LogInAsync();

        using var response = await browser.GetAsync(new Uri("/api/consolelogs/download?resource=api", UriKind.Relative), TestHosts.InTime());

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Matches("^attachment; filename=api-[0-9]{8}-[0-9]{6}\\.log$", response.Content.Headers.ContentDisposition!.ToString());
        Assert.Matches("^[0-9-]{10}T[0-9:.]{12}Z api-[a-z]{8} out red and plain\n$", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/download")]
    public async Task Lines_OfAnUnknownResource_AreNotFound(string path)
    {
        using var browser = await host.LogInAsync();

        using var response = await browser.GetAsync(new Uri($"/api/consolelogs{path}?resource=nobody", UriKind.Relative), TestHosts.InTime());

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("after=x")]
    [InlineData("limit=x")]
    public async Task Lines_WithANumberThatIsNone_AreABadRequest(string query)
    {
        using var browser = await host.LogInAsync();

        using var response = await browser.GetAsync(new Uri($"/api/consolelogs?{query}", UriKind.Relative), TestHosts.InTime());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static (string Texts, bool HasMore) Shown(ConsolePage page) => (string.Join(' ', page.Lines.Select(l => l.Text)), page.HasMore);

    private static void Add(ConsoleStore store, string resource, string text) => store.Add(resource, $"{resource}-abcdefgh", DateTimeOffset.UnixEpoch, text, isError: false);

    private static async Task<ConsolePage> ReadAsync(HttpClient browser, string query) =>
        (await browser.GetFromJsonAsync<ConsolePage>($"/api/consolelogs{query}", TestHosts.InTime()))!;
}
