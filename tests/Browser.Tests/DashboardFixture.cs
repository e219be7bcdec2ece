using System.Runtime.CompilerServices;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AiPlatform.Browser.Tests;

/// <summary>The whole graph with its dashboard, and a browser, both started once for all tests of this project.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    /// <summary>Another name that the browser finds this machine by, as a stranger's name server could arrange.</summary>
    public const string OtherName = "dashboard.example";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private DistributedApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _signedIn;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The graph was not started.");

    public string Url => Configuration["ASPNETCORE_URLS"]!.TrimEnd('/');

    public string Token => Configuration["AppHost:BrowserToken"]!;

    private IConfiguration Configuration => App.Services.GetRequiredService<IConfiguration>();

    public async Task InitializeAsync()
    {
        // A developer's own model key must not decide what the tests see, nor be spent on them.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Models:OpenAi:BaseUrl=", "--Models:OpenAi:ApiKey="]);
        _app = await builder.BuildAsync();
        using var bound = new CancellationTokenSource(StartTimeout);
        var browser = StartBrowserAsync();
        await _app.StartAsync(bound.Token);
        foreach (var name in (string[])["api", "documents", "chat"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(name, bound.Token);
        }

        await browser;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>Runs a test on a page of its own, in a browser context of its own; neither the page's requests nor its script may fail.</summary>
    /// <param name="options">By default signed in at the dashboard, 1440 pixels wide, light.</param>
    public async Task VisitAsync(Func<IPage, Task> test, VisitOptions? options = null, [CallerFilePath] string file = "", [CallerMemberName] string name = "")
    {
        options ??= new();
        var signedIn = options.IsSignedIn ? _signedIn ??= await SignInAsync() : null;
        await using var visit = await Visit.StartAsync(_browser!, Url, options, signedIn, $"{Path.GetFileNameWithoutExtension(file)}.{name}");
        await visit.RunAsync(test);
    }

    private async Task StartBrowserAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Visit.TimeoutMilliseconds);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox", $"--host-resolver-rules=MAP {OtherName} 127.0.0.1"] });
    }

    private async Task<string> SignInAsync()
    {
        await using var context = await _browser!.NewContextAsync();
        var response = await context.APIRequest.GetAsync($"{Url}/login?t={Token}");
        Assert.True(response.Ok, $"The login link was answered with {response.Status}.");
        return await context.StorageStateAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class DashboardTests : ICollectionFixture<DashboardFixture>
{
    public const string Name = "dashboard";
}
