using System.Text.Json;
using AiPlatform.Distributed.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

/// <summary>Makes the pictures of the README; docs/images/take.sh runs it and makes them small.</summary>
[Collection(DashboardTests.Name)]
[Trait("Category", "screenshots")]
public sealed class ScreenshotTests(DashboardFixture dashboard)
{
    // A minute with something in each of its seconds, as a chart shows it.
    private const int Turns = 70;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly string Folder = Path.Combine(Checkout.Folder, "docs/images");

    [Fact]
    public async Task Take_EachPage_InBothThemesAndNarrow()
    {
        var runId = "";
        for (var turn = 0; turn < Turns; turn++)
        {
            runId = await MainJob.RunAsync(dashboard.App);
            await Task.Delay(Pause);
        }

        foreach (var (suffix, options) in ((string, VisitOptions)[])[("light", new()), ("dark", new(Theme: ColorScheme.Dark)), ("narrow", VisitOptions.Narrow)])
        {
            await dashboard.VisitAsync(
                async page =>
                {
                    await TakeAsync(page, "resources", suffix, "/", page.GetByTestId("resource-row-chat"));
                    await TakeAsync(page, "console", suffix, "/consolelogs", page.GetByTestId("log-row").Last);
                    await TakeAsync(page, "logs", suffix, "/structuredlogs", page.GetByTestId("log-row").Last);
                    await TakeAsync(page, "trace", suffix, await ToolSpanAsync(page, runId), page.GetByTestId("detail-panel"));
                    await TakeAsync(
                        page, "metrics", suffix, "/metrics/resource/chat?meter=AiPlatform.Services.Chat&instrument=gen_ai.client.operation.duration&instrumentResource=chat&minutes=1",
                        page.Locator(".chart-line").First);
                },
                options);
        }
    }

    private static async Task TakeAsync(IPage page, string name, string suffix, string path, ILocator ready)
    {
        await page.GotoAsync(path);
        await Expect(ready).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.Load);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{suffix}.png"), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
    }

    // The tool that wrote the note: what it asked of the other services stands around it.
    private static async Task<string> ToolSpanAsync(IPage page, string runId)
    {
        var trace = (await GetAsync(page, $"/api/traces?text={runId}")).GetProperty("items")[0].GetProperty("id").GetString();
        var spans = (await GetAsync(page, $"/api/traces/{trace}")).GetProperty("spans").EnumerateArray();
        var tool = spans.Single(span => span.GetProperty("name").GetString() == "execute_tool generate_document_auto");
        return $"/traces/detail/{trace}?span={tool.GetProperty("id").GetString()}";
    }

    private static async Task<JsonElement> GetAsync(IPage page, string path)
    {
        var response = await page.APIRequest.GetAsync(path);
        Assert.True(response.Ok, $"{path} was answered with {response.Status}.");
        return await response.JsonAsync<JsonElement>();
    }
}
