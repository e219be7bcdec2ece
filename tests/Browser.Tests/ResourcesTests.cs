using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed partial class ResourcesTests(DashboardFixture dashboard) : IAsyncLifetime
{
    private static readonly string[] Services = ["api", "documents", "chat"];

    public Task InitializeAsync() => Task.CompletedTask;

    // Others need what a test stopped, also when it failed.
    public async Task DisposeAsync()
    {
        var notifications = dashboard.App.ResourceNotifications;
        if (notifications.TryGetCurrentState("documents", out var documents) && documents.Snapshot.State?.Text == KnownResourceStates.Finished)
        {
            await dashboard.App.ResourceCommands.ExecuteCommandAsync("documents", KnownResourceCommands.StartCommand);
        }

        await notifications.WaitForResourceHealthyAsync("documents").WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public Task Open_RunningGraph_ListsTheWholeAppModelWithStatesAndAddresses() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/");

        await Expect(Row(page, "chat")).ToBeVisibleAsync();
        var names = await page.GetByTestId(AnyRow).EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.testid.replace('resource-row-', ''))");
        var model = dashboard.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Select(resource => resource.Name);
        Assert.Equal(model.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        foreach (var service in Services)
        {
            await Expect(Row(page, service).Locator(".badge")).ToHaveTextAsync("Running");
            await Expect(Row(page, service).GetByRole(AriaRole.Link).First).ToHaveAttributeAsync("href", dashboard.App.GetEndpoint(service, "http").ToString().TrimEnd('/'));
        }
    });

    [Fact]
    public Task Stop_AndStart_ByClick_AreSeenLiveInEveryBrowser() => dashboard.VisitAsync(async page =>
    {
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/");
        await page.GotoAsync("/");

        await Row(page, "documents").GetByTestId("command-stop").ClickAsync();

        await Expect(Row(page, "documents").Locator(".badge")).ToHaveTextAsync("Finished");
        await Expect(Row(other, "documents").Locator(".badge")).ToHaveTextAsync("Finished");

        await Row(other, "documents").GetByTestId("command-start").ClickAsync();

        await Expect(Row(page, "documents").Locator(".badge")).ToHaveTextAsync("Running");
        await Expect(Row(other, "documents").Locator(".badge")).ToHaveTextAsync("Running");
    });

    [Fact]
    public Task Restart_ByClick_GivesTheResourceAnotherProcess() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/?resource=documents");
        var process = page.GetByTestId("detail-panel").Locator(".property", new() { Has = page.Locator("dt", new() { HasTextRegex = ProcessLabel }) }).Locator(".value");
        var before = await process.InnerTextAsync();

        await Row(page, "documents").GetByTestId("command-restart").ClickAsync();

        await Expect(process).Not.ToHaveTextAsync(before);
        await Expect(process).ToHaveTextAsync(Number);
        await Expect(Row(page, "documents").Locator(".badge")).ToHaveTextAsync("Running");
    });

    [Fact]
    public Task Open_Details_TellsHealthAndKeepsSecretsUntilTheyAreAskedFor() => dashboard.VisitAsync(async page =>
    {
        const string variable = "Auth__ClientSecret";
        await page.GotoAsync("/");
        await Row(page, "chat").Locator(".cell-source").ClickAsync();
        var panel = page.GetByTestId("detail-panel");
        var secret = panel.GetByTestId("section-environment").Locator(".property", new() { Has = page.GetByTestId($"reveal-{variable}") });

        await Expect(panel.GetByTestId("section-health")).ToContainTextAsync("Healthy");
        await Expect(secret.GetByLabel("Hidden")).ToBeVisibleAsync();

        await secret.GetByTestId($"reveal-{variable}").ClickAsync();

        await Expect(secret.GetByTestId("value")).ToHaveTextAsync(AtLeastForty);

        await page.ReloadAsync();

        await Expect(secret.GetByLabel("Hidden")).ToBeVisibleAsync();
        await Expect(secret.GetByTestId("value")).Not.ToBeVisibleAsync();
    });

    [Fact]
    public Task Press_KeysOfThePage_ChoosesResourcesAndTheGraph() => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/");
        await Expect(Row(page, "chat")).ToBeVisibleAsync();
        var panel = page.GetByTestId("detail-panel");

        await page.Keyboard.PressAsync("j");

        var first = await panel.GetByRole(AriaRole.Heading, new() { Level = 2 }).InnerTextAsync();

        await page.Keyboard.PressAsync("j");

        await Expect(panel.GetByRole(AriaRole.Heading, new() { Level = 2 })).Not.ToHaveTextAsync(first);

        await page.Keyboard.PressAsync("k");

        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/?resource={first}");

        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("v");

        await Expect(panel).Not.ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/?view=graph");
        await Expect(page.GetByTestId("graph-node-chat")).ToContainTextAsync("Running");
        await Expect(page.GetByTestId("resource-graph").GetByRole(AriaRole.Img).First).ToHaveAttributeAsync("aria-label", ChatWaitsForItsDatabase);
    });

    [GeneratedRegex("^resource-row-")]
    private static partial Regex AnyRow { get; }

    [GeneratedRegex("^Process$")]
    private static partial Regex ProcessLabel { get; }

    [GeneratedRegex("^[0-9]+$")]
    private static partial Regex Number { get; }

    [GeneratedRegex("^[A-Za-z0-9]{40,}$")]
    private static partial Regex AtLeastForty { get; }

    [GeneratedRegex("chat waits for chatdb")]
    private static partial Regex ChatWaitsForItsDatabase { get; }

    private static ILocator Row(IPage page, string resource) => page.GetByTestId($"resource-row-{resource}");
}
