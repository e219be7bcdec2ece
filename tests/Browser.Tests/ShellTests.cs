using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class ShellTests(DashboardFixture dashboard)
{
    [Fact]
    public Task Press_KeysOfThePages_GoesThereAndBack() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("page-resources")).ToBeVisibleAsync();

        await page.Keyboard.TypeAsync("gc");

        await Expect(page.GetByTestId("page-consolelogs")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/consolelogs");
        await Expect(page.GetByTestId("nav-consolelogs")).ToHaveAttributeAsync("aria-current", "page");

        await page.GoBackAsync();

        await Expect(page.GetByTestId("page-resources")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("?");

        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Console");

        await page.Keyboard.PressAsync("Escape");

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("/");

        await Expect(page.GetByTestId("search")).ToBeFocusedAsync();
    });

    [Fact]
    public Task Reload_DeepLink_ShowsTheSameAgain() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Console of api" }).ClickAsync();

        // The page that is left has a search box too.
        await Expect(page.GetByTestId("page-consolelogs")).ToBeVisibleAsync();

        await page.GetByTestId("search").FillAsync("listening");

        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/consolelogs/resource/api?text=listening");

        await page.ReloadAsync();

        await Expect(page.GetByTestId("filter-resource")).ToHaveValueAsync("api");
        await Expect(page.GetByTestId("search")).ToHaveValueAsync("listening");
        await Expect(page.GetByTestId("log-row").Locator("mark").First).ToHaveTextAsync("listening");
    });

    [Fact]
    public Task Open_AddressOfNothing_SaysSoAndLeadsBack() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync("/no-such-page");
            var notFound = page.GetByTestId("page-not-found");

            await Expect(notFound).ToContainTextAsync("Nothing is at /no-such-page.");

            await notFound.GetByRole(AriaRole.Link, new() { Name = "Resources" }).ClickAsync();

            await Expect(page.GetByTestId("page-resources")).ToBeVisibleAsync();
        },
        new() { Expected = ["/no-such-page: 404"] });

    [Fact]
    public Task Type_WhileThePageIsDrawnAnew_KeepsTheLetters() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/consolelogs");
        await Expect(page.GetByTestId("log-row").First).ToBeVisibleAsync();

        var kept = await page.GetByTestId("search").EvaluateAsync<string>(
            """
            box => {
              box.value = 'needle';
              box.dispatchEvent(new Event('input', { bubbles: true }));
              document.querySelector('[data-testid=toggle-times]').click();
              return box.value;
            }
            """);

        Assert.Equal("needle", kept);
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/consolelogs?text=needle");
    });

    [Theory]
    [InlineData(ColorScheme.Dark, "dark")]
    [InlineData(ColorScheme.Light, "light")]
    public Task Toggle_Theme_LeavesTheSystemsForTheChosenOneAndKeepsIt(ColorScheme system, string expected) => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync("/");

            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", expected);

            await page.GetByTestId("theme-toggle").ClickAsync();

            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");

            await page.GetByTestId("theme-toggle").ClickAsync();
            await page.ReloadAsync();

            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
            await Expect(page.GetByTestId("theme-toggle")).ToHaveAttributeAsync("aria-label", "Theme: Dark");
        },
        new(Theme: system));
}
