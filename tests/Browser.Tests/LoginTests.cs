using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class LoginTests(DashboardFixture dashboard)
{
    private static readonly VisitOptions Refused = VisitOptions.Stranger with { Expected = [": 401"] };

    [Fact]
    public Task Open_LinkOfTheRun_LogsTheBrowserInForGood() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync($"/login?t={dashboard.Token}");

            await Expect(page).ToHaveURLAsync($"{dashboard.Url}/");
            await Expect(page.GetByTestId("page-resources")).ToBeVisibleAsync();

            await page.GotoAsync("/consolelogs");

            await Expect(page.GetByTestId("page-consolelogs")).ToBeVisibleAsync();
        },
        VisitOptions.Stranger);

    [Fact]
    public Task Open_LinkWithAnotherToken_SaysSoAndTakesTheRightOne() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync($"/login?t={new string('0', 32)}");

            await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That is not the token of this run.");

            await PasteTokenAsync(page);

            await Expect(page).ToHaveURLAsync($"{dashboard.Url}/");
            await Expect(page.GetByTestId("page-resources")).ToBeVisibleAsync();
        },
        Refused);

    [Fact]
    public Task Open_DeepLinkAsStranger_AsksForTheTokenAndLeadsThere() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync("/consolelogs/resource/chat?text=ready");

            await Expect(page.GetByTestId("page-login")).ToBeVisibleAsync();

            await PasteTokenAsync(page);

            await Expect(page).ToHaveURLAsync($"{dashboard.Url}/consolelogs/resource/chat?text=ready");
            await Expect(page.GetByTestId("page-consolelogs")).ToBeVisibleAsync();
        },
        VisitOptions.Stranger);

    [Fact]
    public Task Open_LinkOfTheRun_LeavesACookieThatNeitherScriptsNorOtherHostsGet() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync($"/login?t={dashboard.Token}");

            var cookie = Assert.Single(await page.Context.CookiesAsync());
            Assert.Equal(
                ("localhost", "/", true, SameSiteAttribute.Strict, -1),
                (cookie.Domain, cookie.Path, cookie.HttpOnly, cookie.SameSite, cookie.Expires));
            Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        },
        VisitOptions.Stranger);

    [Fact]
    public Task Open_LinkUnderAnotherHostName_IsRefused() => dashboard.VisitAsync(
        async page =>
        {
            var response = await page.GotoAsync(dashboard.Url.Replace("localhost", DashboardFixture.OtherName, StringComparison.Ordinal) + $"/login?t={dashboard.Token}");

            Assert.Equal(421, response!.Status);
            Assert.Empty(await page.Context.CookiesAsync());
        },
        VisitOptions.Stranger with { Expected = [": 421"] });

    [Fact]
    public Task Read_ApiFromAPageOfAnotherSite_GivesItNothing() => dashboard.VisitAsync(
        async page =>
        {
            var site = $"http://{DashboardFixture.OtherName}/";
            await page.RouteAsync(site, route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>Another site</title>" }));
            await page.GotoAsync(site);

            var seen = await page.EvaluateAsync<string>(
                "url => fetch(url, { credentials: 'include' }).then(answer => answer.text(), refused => refused.name)", $"{dashboard.Url}/api/runs");

            Assert.Equal("TypeError", seen);
        },
        new() { Expected = ["blocked by CORS policy", ": 403", "net::ERR_FAILED"] });

    private async Task PasteTokenAsync(IPage page)
    {
        await page.GetByLabel("Token").FillAsync(dashboard.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }
}
