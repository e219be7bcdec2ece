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
    // Enough points for a chart that shows something.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);
    private const int Turns = 6;

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
                    await TakeAsync(page, "trace", suffix, $"/traces/detail/{await TraceOfAsync(page, runId)}", page.GetByTestId("span-row").Last);
                    await TakeAsync(
                        page, "metrics", suffix, "/metrics/resource/chat?meter=AiPlatform.Services.Chat&instrument=gen_ai.client.operation.duration&instrumentResource=chat",
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

    private static async Task<string> TraceOfAsync(IPage page, string runId)
    {
        var response = await page.APIRequest.GetAsync($"/api/traces?text={runId}");
        var traces = await response.JsonAsync<JsonElement>();
        return traces.GetProperty("items")[0].GetProperty("id").GetString()!;
    }
}
