using AiPlatform.Browser.Tests.Telemetry;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class TraceDetailPageTests(DashboardFixture dashboard) : IDisposable
{
    private readonly TelemetrySender _shop = new(dashboard.App);

    public void Dispose() => _shop.Dispose();

    [Fact]
    public Task Open_TraceOfTwoServices_ShowsItsTreeTimesAndErrors() => dashboard.VisitAsync(async page =>
    {
        var sale = await SendSaleAsync();

        await page.GotoAsync($"/traces/detail/{sale}");

        await Expect(Titles(page)).ToHaveTextAsync(["sell", "ask the price", "look it up", "pack"]);
        await Expect(page.GetByTestId("trace-facts")).ToContainTextAsync("Duration100 ms");
        await Expect(page.GetByTestId("trace-facts")).ToContainTextAsync("Spans4");
        await Expect(page.GetByTestId("trace-facts")).ToContainTextAsync("Errors1");
        await Expect(page.Locator(".axis .axis-tick")).ToHaveTextAsync(["0", "20 ms", "40 ms", "60 ms", "80 ms", "100 ms"]);

        // The bar of "look it up" begins at 30 of 100 ms and takes 40.
        var whole = await Bar(page, "sell").BoundingBoxAsync();
        var part = await Bar(page, "look it up").BoundingBoxAsync();
        Assert.Equal((0.3, 0.4), (Math.Round((part!.X - whole!.X) / whole.Width, 2), Math.Round(part.Width / whole.Width, 2)));
    });

    [Fact]
    public Task Collapse_Subtree_HidesItAndTellsHowMuch() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync($"/traces/detail/{await SendSaleAsync()}");

        await Row(page, "ask the price").GetByRole(AriaRole.Button, new() { Name = "Collapse" }).ClickAsync();

        await Expect(Titles(page)).ToHaveTextAsync(["sell", "ask the price", "pack"]);
        await Expect(Row(page, "ask the price").Locator(".span-hidden")).ToContainTextAsync("+1");

        // Into the span that is closed, and out to its parent, which closes.
        await Row(page, "ask the price").Locator(".span-title").ClickAsync();
        await page.GetByRole(AriaRole.Grid).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");

        await Expect(Titles(page)).ToHaveTextAsync(["sell", "ask the price", "look it up", "pack"]);

        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");

        await Expect(Titles(page)).ToHaveTextAsync(["sell", "ask the price", "pack"]);
    });

    [Fact]
    public Task Open_LinkToASpan_ShowsWhatItSaidAndWhereItLeads() => dashboard.VisitAsync(async page =>
    {
        var older = new SentSpan(Ids.Trace(), "yesterday", 0, 10);
        var sale = new SentSpan(Ids.Trace(), "sell", 0, 100)
        {
            Error = "No stamps.",
            Attributes = [("goods", "Stamps")],
            Events = [new("exception", 40, ("exception.type", "EmptyException"))],
            Link = (older.TraceId, older.Id),
        };
        await _shop.SendAsync(older, sale);
        await _shop.SendAsync(new SentLog("The drawer is empty.", SentLevel.Warning) { TraceId = sale.TraceId, SpanId = sale.Id });

        await page.GotoAsync($"/traces/detail/{sale.TraceId}?span={sale.Id}");

        var details = page.GetByTestId("detail-panel");
        await Expect(details).ToContainTextAsync("No stamps.");
        await Expect(details.GetByTestId("span-attributes")).ToContainTextAsync("goods Stamps");
        await Expect(details.GetByTestId("span-events")).ToContainTextAsync("exception+40 ms into the span");
        await Expect(details.GetByTestId("span-events")).ToContainTextAsync("EmptyException");
        await Expect(details.GetByTestId("span-logs")).ToContainTextAsync("The drawer is empty.");

        await details.GetByTestId("span-links").GetByRole(AriaRole.Link).ClickAsync();

        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/traces/detail/{older.TraceId}?span={older.Id}");
        await Expect(Titles(page)).ToHaveTextAsync(["yesterday"]);
    });

    [Fact]
    public Task Show_Logs_StandUnderTheirSpansAndInAListOfTheirOwn() => dashboard.VisitAsync(async page =>
    {
        var sale = new SentSpan(Ids.Trace(), "sell", 0, 100);
        var packing = new SentSpan(sale.TraceId, "pack", 50, 20) { ParentId = sale.Id };
        await _shop.SendAsync(sale, packing);
        await _shop.SendAsync(
            new SentLog("Sold.") { TraceId = sale.TraceId, SpanId = sale.Id },
            new SentLog("Packed.") { TraceId = sale.TraceId, SpanId = packing.Id });
        await page.GotoAsync($"/traces/detail/{sale.TraceId}");
        await Expect(Titles(page)).ToHaveTextAsync(["sell", "pack"]);

        await page.GetByTestId("with-logs").ClickAsync();

        await Expect(page.Locator(".span-row .span-title")).ToHaveTextAsync(["sell", "Sold.", "pack", "Packed."]);

        await page.GetByTestId("tab-logs").ClickAsync();

        await Expect(page.Locator(".span-row .span-title")).ToHaveTextAsync(["Sold.", "Packed."]);
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/traces/detail/{sale.TraceId}?logs=true&view=logs");
    });

    [Fact]
    public Task Open_TraceWithModelCalls_ShowsTokensCostToolsAndWhatWasSaid() => dashboard.VisitAsync(async page =>
    {
        var run = new SentSpan(Ids.Trace(), "invoke_agent helper", 0, 100) { Attributes = [("gen_ai.operation.name", "invoke_agent"), ("gen_ai.usage.input_tokens", "130")] };
        await _shop.SendAsync(
            run,
            new SentSpan(run.TraceId, "chat tiny", 5, 30)
            {
                ParentId = run.Id,
                Attributes =
                [
                    ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.response.model", "tiny-1"),
                    ("gen_ai.usage.input_tokens", "120"), ("gen_ai.usage.output_tokens", "10"), ("aiplatform.model.cost_usd", "0.00042"),
                    ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Is there a <b>stamp</b>?"}]}]"""),
                    ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"tool_call","id":"call_7","name":"look","arguments":{"goods":"stamp"}}],"finish_reason":"tool_call"}]"""),
                ],
            },
            new SentSpan(run.TraceId, "execute_tool look", 40, 20)
            {
                ParentId = run.Id,
                Attributes = [("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "look"), ("gen_ai.tool.call.id", "call_7")],
            });

        await page.GotoAsync($"/traces/detail/{run.TraceId}?view=genai");

        // What the agent's own span repeats is not counted twice.
        await Expect(page.Locator(".figure")).ToHaveTextAsync(["Model calls1", "Tool calls1", "Input tokens120", "Output tokens10", "Cost$0.00042"]);
        await Expect(page.GetByTestId("genai-call").Locator(".genai-name")).ToHaveTextAsync(["invoke_agent helper", "tiny-1", "look"]);

        await page.GetByTestId("genai-call").Nth(1).GetByRole(AriaRole.Button).ClickAsync();

        await Expect(page.Locator(".message.is-user .message-text")).ToHaveTextAsync("Is there a <b>stamp</b>?");
        await Expect(page.Locator(".message.is-assistant .message-name")).ToHaveTextAsync("calls look call_7");
        await Expect(page.Locator(".message.is-assistant .code")).ToHaveTextAsync("""{ "goods": "stamp" }""");

        await page.GetByTestId("genai-call").Nth(1).GetByRole(AriaRole.Button, new() { Name = "Show the span" }).ClickAsync();

        await Expect(page.GetByTestId("detail-panel").GetByTestId("span-genai")).ToContainTextAsync("Provider openai");
    });

    [Fact]
    public Task Open_TraceOfTwoThousandSpans_HasOnlyWhatIsSeenInThePage() => dashboard.VisitAsync(async page =>
    {
        var (trace, spans) = LongTrace.Make();
        await _shop.SendAsync(spans);

        await page.GotoAsync($"/traces/detail/{trace}");

        await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", "2000");
        await Expect(Titles(page).First).ToHaveTextAsync("span 0");
        Assert.InRange(await page.GetByTestId("span-row").CountAsync(), 20, 100);

        await page.Keyboard.PressAsync("End");

        await Expect(Titles(page).Last).ToHaveTextAsync("span 1999");
        Assert.InRange(await page.GetByTestId("span-row").CountAsync(), 20, 100);

        await page.GetByTestId("search").FillAsync("span 1234");

        // The one that was looked for, and those it belongs to.
        await Expect(Titles(page)).ToHaveTextAsync(LongTrace.PathTo(1_234));

        await page.GetByTestId("search").FillAsync("");
        await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", "2000");
        await page.GetByTestId("collapse-all").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", LongTrace.ChildrenOfTheRoot.ToString(System.Globalization.CultureInfo.InvariantCulture));
    });

    [Fact]
    public Task Receive_MoreOfTheTraceWhileItIsOpen_ShowsItToo() => dashboard.VisitAsync(async page =>
    {
        var sale = new SentSpan(Ids.Trace(), "sell", 0, 100);
        await _shop.SendAsync(sale);
        await page.GotoAsync($"/traces/detail/{sale.TraceId}");
        await Expect(Titles(page)).ToHaveTextAsync(["sell"]);

        await _shop.SendAsync(new SentSpan(sale.TraceId, "pack", 50, 20) { ParentId = sale.Id });

        await Expect(Titles(page)).ToHaveTextAsync(["sell", "pack"]);
    });

    [Fact]
    public Task Open_UnknownTrace_SaysThatItIsNotHere() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync($"/traces/detail/{Ids.Trace()}");

            await Expect(page.GetByTestId("empty")).ToContainTextAsync("This trace is not here");
        },
        new() { Expected = [": 404"] });

    private async Task<string> SendSaleAsync()
    {
        var sale = new SentSpan(Ids.Trace(), "sell", 0, 100);
        var asking = new SentSpan(sale.TraceId, "ask the price", 20, 60) { ParentId = sale.Id };
        await _shop.SendAsync(sale, asking, new SentSpan(sale.TraceId, "pack", 85, 10) { ParentId = sale.Id });
        await _shop.SendAsAsync($"{_shop.Name}-prices", new SentSpan(sale.TraceId, "look it up", 30, 40) { ParentId = asking.Id, Error = "Not there." });
        return sale.TraceId;
    }

    private static ILocator Titles(IPage page) => page.GetByTestId("span-row").Locator(".span-title");

    private static ILocator Row(IPage page, string title) => page.GetByTestId("span-row").Filter(new() { HasText = title });

    private static ILocator Bar(IPage page, string title) => Row(page, title).Locator(".span-bar");
}
