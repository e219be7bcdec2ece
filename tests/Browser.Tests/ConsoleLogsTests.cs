using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed partial class ConsoleLogsTests(DashboardFixture dashboard)
{
    [Fact]
    public Task Open_OneResource_ShowsWhatItWroteAndThenWhatItWrites() => dashboard.VisitAsync(async page =>
    {
        // However much it wrote since: only rows that can be seen are in the page.
        await page.GotoAsync("/consolelogs/resource/chat?text=now%20listening%20on&only=true");

        await Expect(Lines(page)).ToHaveCountAsync(1);
        await Expect(Lines(page)).ToContainTextAsync("Now listening on");

        await page.GotoAsync("/consolelogs/resource/chat");
        await Expect(Lines(page).First).ToBeVisibleAsync();

        Write("chat", "\u001b[32mgreen\u001b[0m words that come while one looks");
        Write("api", "words of another resource");
        Write("chat", "words that come after those of the other");

        await Expect(Lines(page).Last).ToContainTextAsync("words that come after those of the other");
        await Expect(Lines(page).Filter(new() { HasText = "green words that come while one looks" })).ToHaveCountAsync(1);
        await Expect(page.GetByText("green", new() { Exact = true })).ToHaveCSSAsync("color", NotTheTexts);
        await Expect(Lines(page).Filter(new() { HasText = "words of another resource" })).ToHaveCountAsync(0);
    });

    [Fact]
    public Task Open_AllTogether_NamesTheResourceOfEachLine() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/consolelogs");
        await Expect(Lines(page).First).ToBeVisibleAsync();

        Write("api", "first, from the api");
        Write("documents", "second, from the documents");

        await Expect(Lines(page).Last).ToContainTextAsync("second, from the documents");
        await Expect(Lines(page).Last.Locator(".line-name")).ToHaveTextAsync("documents");
        await Expect(Lines(page).Filter(new() { HasText = "first, from the api" }).Locator(".line-name")).ToHaveTextAsync("api");
    });

    [Fact]
    public Task Search_Text_CountsMatchesKeepsThemAndIsInTheAddress() => dashboard.VisitAsync(async page =>
    {
        Write("chat", "a needle in the haystack");
        await page.GotoAsync("/consolelogs/resource/chat");
        await Expect(Lines(page).First).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("Needle In The");

        await Expect(page.GetByTestId("match-count")).ToHaveTextAsync("1 of 1");

        await page.GetByTestId("only-matches").ClickAsync();

        await Expect(Lines(page)).ToHaveCountAsync(1);
        await Expect(Lines(page).Locator("mark")).ToHaveTextAsync("needle in the");

        await page.ReloadAsync();

        await Expect(page.GetByTestId("search")).ToHaveValueAsync("Needle In The");
        await Expect(Lines(page)).ToHaveCountAsync(1);
    });

    [Fact]
    public Task Pause_LinesThatComeMeanwhile_AreShownWhenItGoesOn() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/consolelogs/resource/chat");
        await Expect(Lines(page).First).ToBeVisibleAsync();

        await page.GetByTestId("clear").ClickAsync();

        await Expect(page.GetByTestId("empty")).ToBeVisibleAsync();

        await page.GetByTestId("pause").ClickAsync();
        Write("chat", "written during the pause");

        await Expect(page.GetByTestId("pause")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(Lines(page)).ToHaveCountAsync(0);

        await page.GetByTestId("pause").ClickAsync();

        await Expect(Lines(page)).ToHaveCountAsync(1);
        await Expect(Lines(page)).ToContainTextAsync("written during the pause");
    });

    [Fact]
    public Task Download_OfAResource_IsItsLinesAsText() => dashboard.VisitAsync(async page =>
    {
        Write("chat", "\u001b[31mto be downloaded\u001b[0m");
        await page.GotoAsync("/consolelogs/resource/chat");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("download").ClickAsync());

        Assert.Matches(@"^chat-\d{8}-\d{6}\.log$", download.SuggestedFilename);
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var text = await reader.ReadToEndAsync();
        Assert.Contains("Now listening on", text, StringComparison.Ordinal);
        Assert.Contains("to be downloaded", text, StringComparison.Ordinal);
    });

    // Green of either theme, and not what the words around it have.
    [GeneratedRegex(@"^rgb\((?<r>\d+), (?!\k<r>,)\d+, (?!\k<r>\))\d+\)$")]
    private static partial Regex NotTheTexts { get; }

    private static ILocator Lines(IPage page) => page.GetByTestId("log-row");

    private void Write(string resource, string line) =>
        dashboard.App.Services.GetRequiredService<ResourceLoggerService>().GetLogger(resource).Log(LogLevel.Information, 0, line, null, (text, _) => text);
}
