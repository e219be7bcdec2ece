using System.Text.RegularExpressions;
using AiPlatform.Browser.Tests.Telemetry;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class StructuredLogsPageTests(DashboardFixture dashboard) : IDisposable
{
    private readonly TelemetrySender _shop = new(dashboard.App);

    private string Page => $"/structuredlogs/resource/{_shop.Name}";

    public void Dispose() => _shop.Dispose();

    [Fact]
    public Task Filter_LevelAndText_ShowsWhatFitsAndKeepsItInTheAddress() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendAsync(
            new SentLog("The till was opened.", SentLevel.Debug),
            new SentLog("A parcel was sold.") { Attributes = [("parcel", "Blue-7")] },
            new SentLog("The printer has little paper.", SentLevel.Warning),
            new SentLog("The parcel was lost.", SentLevel.Error) { Attributes = [("exception.type", "LostException"), ("exception.message", "Gone."), ("exception.stacktrace", "LostException: Gone.\n   at Shelf.Find()")] });
        await page.GotoAsync(Page);

        await Expect(Messages(page)).ToHaveTextAsync(["The till was opened.", "A parcel was sold.", "The printer has little paper.", "The parcel was lost. LostException: Gone."]);

        await page.GetByTestId("filter-level").SelectOptionAsync("Warning");

        await Expect(Messages(page)).ToHaveTextAsync(["The printer has little paper.", "The parcel was lost. LostException: Gone."]);
        await Expect(page.GetByTestId("total")).ToHaveTextAsync("2 logs");

        await page.GetByTestId("filter-level").SelectOptionAsync("");
        await page.GetByTestId("search").FillAsync("blue");

        await Expect(Messages(page)).ToHaveTextAsync(["A parcel was sold."]);
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}{Page}?text=blue");

        await page.ReloadAsync();

        await Expect(Messages(page)).ToHaveTextAsync(["A parcel was sold."]);
        await Expect(page.GetByTestId("search")).ToHaveValueAsync("blue");
    });

    [Fact]
    public Task Show_ARunByItsId_StandsStillUntilOneGoesBackToThisRun() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendAsync(new SentLog("Before."));
        var runs = await page.APIRequest.GetAsync("/api/runs");
        var run = (await runs.JsonAsync())!.Value[0].GetProperty("id").GetString();
        await page.GotoAsync($"{Page}?run={run}");

        await Expect(page.GetByTestId("run-notice")).ToContainTextAsync("You look at the run of");
        await Expect(Messages(page)).ToHaveTextAsync(["Before."]);

        await _shop.SendAsync(new SentLog("After."));
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to this run" }).ClickAsync();

        await Expect(Messages(page)).ToHaveTextAsync(["Before.", "After."]);
        await Expect(page.GetByTestId("run-notice")).ToHaveCountAsync(0);
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}{Page}");
    });

    // More than memory keeps, which is of all services: what others sent went first.
    [Fact]
    public Task Receive_MoreThanMemoryKeeps_TellsHowMuchWasDropped() => dashboard.VisitAsync(async page =>
    {
        const int batch = 1_000, batches = 21;
        for (var sent = 0; sent < batches; sent++)
        {
            await _shop.SendAsync([.. Enumerable.Range(0, batch).Select(i => new SentLog($"Log {i}."))]);
        }

        await page.GotoAsync(Page);

        await Expect(page.GetByTestId("dropped")).ToHaveTextAsync(new Regex("^[1-9][0-9,]* dropped$"));
    });

    [Fact]
    public Task Receive_LogsWhileThePageIsOpen_ShowsThoseThatFitAndNoneWhilePaused() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync($"{Page}?level=Warning");
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("No logs fit these filters");

        await _shop.SendAsync(new SentLog("Passed over."), new SentLog("Seen at once.", SentLevel.Warning));

        await Expect(Messages(page)).ToHaveTextAsync(["Seen at once."]);

        await page.GetByTestId("pause").ClickAsync();
        await _shop.SendAsync(new SentLog("Seen later.", SentLevel.Error));

        // The mark on the button tells that it came and was held back.
        await Expect(page.GetByTestId("pause").GetByRole(AriaRole.Img, new() { Name = "There is something new" })).ToBeVisibleAsync();
        await Expect(Messages(page)).ToHaveTextAsync(["Seen at once."]);

        await page.GetByTestId("pause").ClickAsync();

        await Expect(Messages(page)).ToHaveTextAsync(["Seen at once.", "Seen later."]);
    });

    [Fact]
    public Task Receive_LogThatWasWrittenBeforeOthers_StandsWhereItBelongs() => dashboard.VisitAsync(async page =>
    {
        using var late = new TelemetrySender(dashboard.App) { Name = _shop.Name, Origin = _shop.Origin.AddSeconds(-1) };
        await _shop.SendAsync(new SentLog("Sold."), new SentLog("Packed."));
        await page.GotoAsync(Page);
        await Expect(Messages(page)).ToHaveTextAsync(["Sold.", "Packed."]);

        await late.SendAsync(new SentLog("Asked for."));

        await Expect(Messages(page)).ToHaveTextAsync(["Asked for.", "Sold.", "Packed."]);
    });

    [Fact]
    public Task Scroll_ToTheTop_LoadsOlderLogsUpToTheFirst() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendAsync([.. Enumerable.Range(1, 450).Select(i => new SentLog($"Log {i}."))]);
        await page.GotoAsync(Page);
        await Expect(Messages(page).Last).ToHaveTextAsync("Log 450.");
        await Expect(page.GetByTestId("total")).ToHaveTextAsync("450 logs");

        // Three pages; when older ones have come, what was looked at stays in its place, under them.
        foreach (var loaded in (string[])["400", "450"])
        {
            await ScrollToTopAsync(page);
            await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", loaded);
            await Expect(page.GetByRole(AriaRole.Grid)).Not.ToHaveJSPropertyAsync("scrollTop", 0);
        }

        await ScrollToTopAsync(page);

        await Expect(Messages(page).First).ToHaveTextAsync("Log 1.");
    });

    [Fact]
    public Task Open_LinkToALog_ShowsItsDetailsAndLeadsToItsSpan() => dashboard.VisitAsync(async page =>
    {
        var sale = new SentSpan(Ids.Trace(), "sell a parcel", 0, 20);
        await _shop.SendAsync(sale);
        await _shop.SendAsync(new SentLog("The parcel was lost.", SentLevel.Error)
        {
            TraceId = sale.TraceId,
            SpanId = sale.Id,
            Attributes = [("parcel", "Blue-7"), ("exception.type", "LostException"), ("exception.message", "Gone."), ("exception.stacktrace", "LostException: Gone.\n   at Shelf.Find()")],
        });
        await page.GotoAsync(Page);
        await Messages(page).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?log=\d+$"));

        await page.ReloadAsync();

        var details = page.GetByTestId("detail-panel");
        await Expect(details.Locator(".log-message")).ToHaveTextAsync("The parcel was lost.");
        await Expect(details.Locator(".exception pre")).ToContainTextAsync("at Shelf.Find()");
        await Expect(details.Locator(".property", new() { HasText = "parcel" }).Locator("dd")).ToHaveTextAsync("Blue-7");

        await details.GetByTestId("log-trace-link").ClickAsync();

        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/traces/detail/{sale.TraceId}?span={sale.Id}");
        await Expect(page.GetByTestId("detail-panel").GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("sell a parcel");
    });

    [Fact]
    public Task Press_KeysInTheList_MoveOpenAndCloseTheDetails() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendAsync(new SentLog("First."), new SentLog("Second."), new SentLog("Third."));
        await page.GotoAsync(Page);
        await Expect(Messages(page)).ToHaveCountAsync(3);

        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("detail-panel").Locator(".log-message")).ToHaveTextAsync("Second.");

        await page.Keyboard.PressAsync("j");

        await Expect(page.GetByTestId("detail-panel").Locator(".log-message")).ToHaveTextAsync("Third.");

        await page.Keyboard.PressAsync("Escape");

        await Expect(page.GetByTestId("detail-panel")).ToHaveCountAsync(0);
    });

    [Fact]
    public Task Clear_LogsOfAResource_LeavesNoneOfItsOwn() => dashboard.VisitAsync(async page =>
    {
        using var other = new TelemetrySender(dashboard.App);
        await _shop.SendAsync(new SentLog("To be cleared."));
        await other.SendAsync(new SentLog("To be kept."));
        await page.GotoAsync(Page);
        await Expect(Messages(page)).ToHaveTextAsync(["To be cleared."]);

        await page.GetByTestId("clear").ClickAsync();

        await Expect(page.GetByTestId("log-row")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("empty")).ToBeVisibleAsync();

        await page.GotoAsync($"/structuredlogs/resource/{other.Name}");

        await Expect(Messages(page)).ToHaveTextAsync(["To be kept."]);
    });

    private static ILocator Messages(IPage page) => page.GetByTestId("log-row").Locator(".log-text");

    private static async Task ScrollToTopAsync(IPage page) => await page.GetByRole(AriaRole.Grid).EvaluateAsync("list => { list.scrollTop = 0; }");
}
