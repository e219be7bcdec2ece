using AiPlatform.Distributed.Tests;
using Microsoft.Playwright;

namespace AiPlatform.Browser.Tests;

/// <summary>One test's page, in a browser context of its own. A test that fails leaves a picture and a trace in artifacts/test-results/browser.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>How long the browser may take for anything that a test waits for.</summary>
    public const int TimeoutMilliseconds = 30_000;

    private static readonly string Results = Path.Combine(Checkout.Folder, "artifacts/test-results/browser");

    private readonly IBrowserContext _context;
    private readonly IPage _page;
    private readonly PageFaults _faults;
    private readonly string _test;
    private readonly bool _isRecorded;

    private Visit(IBrowserContext context, IPage page, VisitOptions options, string test)
    {
        _context = context;
        _faults = new(page, options.Expected);
        _test = test;
        _isRecorded = options.IsRecorded;
        _page = page;
    }

    /// <param name="signedIn">The storage state of a context that signed in, or null.</param>
    /// <param name="test">Names the files of a failure.</param>
    public static async Task<Visit> StartAsync(IBrowser browser, string url, VisitOptions options, string? signedIn, string test)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = url,
            StorageState = signedIn,
            ViewportSize = new() { Width = options.Width, Height = options.Height },
            ColorScheme = options.Theme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/London",
        });
        context.SetDefaultTimeout(TimeoutMilliseconds);
        if (options.IsRecorded)
        {
            await context.Tracing.StartAsync(new() { Snapshots = true });
        }

        return new(context, await context.NewPageAsync(), options, test);
    }

    public async Task RunAsync(Func<IPage, Task> test)
    {
        try
        {
            await test(_page);
            _faults.AssertNone();
        }
        catch (Exception)
        {
            await KeepAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private async Task KeepAsync()
    {
        Directory.CreateDirectory(Results);
        try
        {
            await _page.ScreenshotAsync(new() { Path = Path.Combine(Results, $"{_test}.png") });
            if (_isRecorded)
            {
                await _context.Tracing.StopAsync(new() { Path = Path.Combine(Results, $"{_test}.zip") });
            }
        }
        catch (PlaywrightException exception)
        {
            // The browser is gone; the test tells why it failed, which says more.
            await File.WriteAllTextAsync(Path.Combine(Results, $"{_test}.txt"), exception.Message);
        }
    }
}
