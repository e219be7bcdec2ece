using System.Net;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

/// <summary>A host without resources, for its dashboard: what other tests left in it must not matter to a test.</summary>
public sealed class DashboardHost : IAsyncLifetime, IAsyncDisposable
{
    private DistributedApplication? _app;

    public DistributedApplication App => _app!;

    public IServiceProvider Services => App.Services;

    public IReadOnlyCollection<string> Log => Services.GetServices<ILoggerProvider>().OfType<ListLogger>().Single().Lines;

    public Uri Url => new(Setting("ASPNETCORE_URLS"));

    public string Token => Setting("AppHost:BrowserToken");

    public string OtlpKey => Setting("AppHost:OtlpApiKey");

    /// <summary>One of a test's own.</summary>
    /// <param name="configure">What it has beside its dashboard.</param>
    /// <param name="builder">One with throw-away data, unless given.</param>
    public static async Task<DashboardHost> StartAsync(Action<IDistributedApplicationBuilder>? configure = null, IDistributedApplicationBuilder? builder = null)
    {
        var host = new DashboardHost();
        await host.InitializeAsync(builder ?? TestHosts.Create(), configure);
        return host;
    }

    public Task InitializeAsync() => InitializeAsync(TestHosts.Create(), null);

    public Task DisposeAsync() => App.DisposeAsync().AsTask();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    public T Get<T>()
        where T : notnull
        => Services.GetRequiredService<T>();

    /// <summary>A browser that nobody logged in: it keeps its cookies and follows no redirect.</summary>
    public HttpClient CreateBrowser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Url };

    public async Task<HttpClient> LogInAsync()
    {
        var browser = CreateBrowser();
        using var response = await browser.GetAsync(new Uri($"/login?t={Token}", UriKind.Relative), TestHosts.InTime());
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return browser;
    }

    private async Task InitializeAsync(IDistributedApplicationBuilder builder, Action<IDistributedApplicationBuilder>? configure)
    {
        builder.Services.AddSingleton<ILoggerProvider, ListLogger>();
        configure?.Invoke(builder);
        _app = await builder.StartAsync();
    }

    private string Setting(string key) => Get<IConfiguration>()[key]!;
}
