using AiPlatform.Browser.Tests.Telemetry;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class TracesPageTests(DashboardFixture dashboard) : IDisposable
{
    private readonly TelemetrySender _shop = new(dashboard.App);

    private string Page => $"/traces/resource/{_shop.Name}";

    public void Dispose() => _shop.Dispose();

    [Fact]
    public Task Filter_ErrorsDurationAndText_ShowsWhatFitsAndKeepsItInTheAddress() => dashboard.VisitAsync(async page =>
    {
        var failed = new SentSpan(Ids.Trace(), "send a parcel", 1, 80) { Error = "No stamps." };
        await _shop.SendAsync(
            new SentSpan(Ids.Trace(), "open the till", 0, 2),
            failed,
            new SentSpan(Ids.Trace(), "count the day", 2, 700) { Attributes = [("till", "North")] });
        await _shop.SendAsAsync($"{_shop.Name}-post", new SentSpan(failed.TraceId, "take a parcel", 10, 60) { ParentId = failed.Id });
        await page.GotoAsync(Page);

        await Expect(Names(page)).ToHaveTextAsync(["count the day", "send a parcel", "open the till"]);
        await Expect(Row(page, "send a parcel").Locator(".trace-duration")).ToHaveTextAsync("80 ms");
        await Expect(Row(page, "send a parcel").Locator(".trace-resource")).ToHaveTextAsync([$"{_shop.Name}1/1", $"{_shop.Name}-post1"]);

        await page.GetByTestId("filter-errors").ClickAsync();

        await Expect(Names(page)).ToHaveTextAsync(["send a parcel"]);

        await page.GetByTestId("filter-errors").ClickAsync();
        await page.GetByTestId("filter-duration").SelectOptionAsync("50");

        await Expect(Names(page)).ToHaveTextAsync(["count the day", "send a parcel"]);

        await page.GetByTestId("search").FillAsync("north");

        await Expect(Names(page)).ToHaveTextAsync(["count the day"]);
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}{Page}?minMs=50&text=north");

        await page.ReloadAsync();

        await Expect(Names(page)).ToHaveTextAsync(["count the day"]);
    });

    [Fact]
    public Task Receive_TracesWhileThePageIsOpen_ShowsThemAtTheTopAndNoneWhilePaused() => dashboard.VisitAsync(async page =>
    {
        var first = new SentSpan(Ids.Trace(), "first", 0, 10);
        await _shop.SendAsync(first);
        await page.GotoAsync(Page);
        await Expect(Names(page)).ToHaveTextAsync(["first"]);

        await _shop.SendAsync(new SentSpan(Ids.Trace(), "second", 20, 10));
        await _shop.SendAsync(new SentSpan(first.TraceId, "a part of the first", 2, 50) { ParentId = first.Id });

        await Expect(Names(page)).ToHaveTextAsync(["second", "first"]);
        await Expect(Row(page, "first").Locator(".trace-duration")).ToHaveTextAsync("52 ms");

        await page.GetByTestId("pause").ClickAsync();
        await _shop.SendAsync(new SentSpan(Ids.Trace(), "third", 40, 10));

        await Expect(page.GetByTestId("pause").GetByRole(AriaRole.Img, new() { Name = "There is something new" })).ToBeVisibleAsync();
        await Expect(Names(page)).ToHaveTextAsync(["second", "first"]);

        await page.GetByTestId("pause").ClickAsync();

        await Expect(Names(page)).ToHaveTextAsync(["third", "second", "first"]);
    });

    [Fact]
    public Task Receive_TraceWhileAText_IsSearched_AsksTheSpansThemselves() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync($"{Page}?text=stamps");
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("No traces fit these filters");

        await _shop.SendAsync(new SentSpan(Ids.Trace(), "sell", 0, 10) { Attributes = [("goods", "Stamps")] }, new SentSpan(Ids.Trace(), "sweep", 1, 10));

        await Expect(Names(page)).ToHaveTextAsync(["sell"]);
    });

    [Fact]
    public Task Scroll_ToTheEnd_LoadsOlderTracesUpToTheFirst() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendAsync([.. Enumerable.Range(1, 150).Select(i => new SentSpan(Ids.Trace(), $"sale {i}", i, 0.5))]);
        await page.GotoAsync(Page);
        await Expect(Names(page).First).ToHaveTextAsync("sale 150");
        await Expect(page.GetByTestId("total")).ToHaveTextAsync("150 traces");

        await page.Keyboard.PressAsync("End");
        await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", "150");
        await page.Keyboard.PressAsync("End");

        await Expect(Names(page).Last).ToHaveTextAsync("sale 1");
    });

    [Fact]
    public Task Press_EnterOnATrace_OpensIt() => dashboard.VisitAsync(async page =>
    {
        var sale = new SentSpan(Ids.Trace(), "sale", 0, 10);
        await _shop.SendAsync(sale);
        await page.GotoAsync(Page);
        await Expect(Names(page)).ToHaveTextAsync(["sale"]);

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/traces/detail/{sale.TraceId}");
        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(1);
    });

    private static ILocator Names(IPage page) => page.GetByTestId("trace-row").Locator(".trace-title");

    private static ILocator Row(IPage page, string name) => page.GetByTestId("trace-row").Filter(new() { HasText = name });
}
