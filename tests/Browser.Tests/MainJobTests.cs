using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class MainJobTests(DashboardFixture dashboard)
{
    [Fact]
    public Task Open_TraceOfAWrittenNote_SpansThreeServicesTheModelAndItsTools() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/traces/resource/documents");
        var runId = await MainJob.RunAsync(dashboard.App);

        // A run's id is on its span alone, so the search leads to its trace.
        await page.GetByTestId("search").FillAsync(runId);

        var trace = page.GetByTestId("trace-row");
        await Expect(trace).ToHaveCountAsync(1);
        foreach (var service in (string[])["chat", "api", "documents"])
        {
            await Expect(trace.Locator(".trace-resource").Filter(new() { HasText = service })).ToHaveCountAsync(1);
        }

        await trace.GetByRole(AriaRole.Link).ClickAsync();

        await Expect(page.GetByTestId("page-trace-detail")).ToBeVisibleAsync();
        foreach (var service in (string[])["chat", "api", "documents"])
        {
            await page.GetByTestId("search").FillAsync(service);
            await Expect(page.GetByTestId("span-row").Filter(new() { Has = page.Locator(".span-resource").GetByText(service, new() { Exact = true }) }).First).ToBeVisibleAsync();
        }

        await page.GetByTestId("search").FillAsync("");
        await page.GetByTestId("tab-genai").ClickAsync();

        foreach (var tool in (string[])["select_template_by_name", "generate_document_auto"])
        {
            await Expect(Call(page, "Tool").Filter(new() { HasText = tool })).ToHaveCountAsync(1);
        }

        await Expect(Call(page, "Model").First).ToContainTextAsync("local");

        await Call(page, "Model").First.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the span" }).ClickAsync();

        await Expect(page.GetByTestId("detail-panel").GetByTestId("span-genai")).ToContainTextAsync("Model call");
        await Expect(page.GetByTestId("detail-panel").GetByTestId("span-attributes")).ToContainTextAsync("gen_ai.usage.output_tokens");
    });

    private static ILocator Call(IPage page, string kind) =>
        page.GetByTestId("genai-call").Filter(new() { Has = page.Locator(".genai-kind").GetByText(kind, new() { Exact = true }) });
}
