using Aspire.Hosting.Dashboard.Access;
using Aspire.Hosting.Dashboard.ConsoleLogs;
using Aspire.Hosting.Dashboard.Events;
using Aspire.Hosting.Dashboard.History;
using Aspire.Hosting.Dashboard.Pages;
using Aspire.Hosting.Dashboard.Receiver;
using Aspire.Hosting.Dashboard.Resources;
using Aspire.Hosting.Dashboard.Site;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>The one place where the dashboard comes together: what every request passes, then every part's routes.</summary>
internal static class DashboardApp
{
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<DashboardKeys>()
        .AddSingleton<DashboardSessions>()
        .AddSingleton<LoginAttempts>()
        .AddSingleton<DashboardEvents>()
        .AddSingleton(new TelemetryLimits())
        .AddSingleton<TelemetryStore>()
        .AddSingleton<ReceiverEndpoints>()
        .AddSingleton<RunHistory>()
        .AddSingleton<TelemetryRuns>()
        .AddSingleton<SecretValues>()
        .AddSingleton<ResourceList>()
        .AddSingleton<ConsoleStore>()
        .AddHostedService(services => services.GetRequiredService<RunHistory>())
        .AddHostedService<DashboardService>()
        .AddHostedService<ResourceWatcher>()
        .AddHostedService<ConsoleWatcher>()
        .AddHostedService<TelemetryFeed>();

    /// <param name="app">The dashboard's own web application.</param>
    /// <param name="host">The AppHost's services: each part takes from it what it shows.</param>
    public static void Map(WebApplication app, IServiceProvider host)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(SiteEndpoints.AnswerNotFound());
        app.Use(SecurityHeaders.AddAsync);
        app.Use(LocalRequests.CheckAsync);
        app.Use(ActivatorUtilities.CreateInstance<DashboardAccess>(host).CheckAsync);

        LoginEndpoints.Map(app, host);
        SiteEndpoints.Map(app);
        EventEndpoints.Map(app, host);
        ResourceEndpoints.Map(app, host);
        ConsoleEndpoints.Map(app, host);
        ReceiverEndpoints.Map(app, host);
        TelemetryEndpoints.Map(app, host);
        StructuredLogEndpoints.Map(app, host);
        TraceEndpoints.Map(app, host);
        MetricEndpoints.Map(app, host);
        StatisticsEndpoints.Map(app, host);
        RunEndpoints.Map(app, host);
    }
}
