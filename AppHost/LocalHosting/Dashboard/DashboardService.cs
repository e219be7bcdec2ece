using System.Globalization;
using Aspire.Hosting.Dashboard.Receiver;
using Aspire.Hosting.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The web server of the dashboard and of the services' telemetry, on this machine's own addresses only. Where it listens is put into the
/// configuration under Aspire's keys, ASPNETCORE_URLS and ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL; an OTLP endpoint configured from outside
/// gets the telemetry instead.
/// </summary>
internal sealed partial class DashboardService(
    IConfiguration configuration, IServiceProvider services, PortReservations ports, ILoggerFactory loggerFactory, ILogger<DashboardService> logger) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var port = Port();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggerFactory);
        builder.Services.AddProblemDetails();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.ListenLocalhost(port);
            o.Limits.MaxRequestBodySize = ReceivedBody.MaxBytes;
        });
        _app = builder.Build();
        DashboardApp.Map(_app, services);
        await _app.StartAsync(cancellationToken);

        var url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        configuration["ASPNETCORE_URLS"] = url;
        configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ??= url;
        LogLogin($"{url}/login?t={configuration["AppHost:BrowserToken"]}");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    // Two hosts of one checkout have the same launch profile and so the same wish; the second one takes a free port.
    private int Port()
    {
        var wished = (configuration["ASPNETCORE_URLS"] ?? "").Split(';').FirstOrDefault(u => u.StartsWith("http://", StringComparison.Ordinal));
        return wished is not null && Uri.TryCreate(wished, UriKind.Absolute, out var uri) && ports.TryTake(uri.Port) ? uri.Port : ports.Take();
    }

    // The one line with the token: whoever can read it started the run.
    [LoggerMessage(LogLevel.Information, "Login to the dashboard at {Link}")]
    private partial void LogLogin(string link);
}
