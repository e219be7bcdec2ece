using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Health;
using AiPlatform.ServiceDefaults.Hosting;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.ServiceDefaults;

public static class ServiceDefaultsExtensions
{
    /// <summary>What every service has, whatever it does: telemetry, errors, security, outgoing HTTP, health, time.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        NativeMemory.GiveBack();
        builder.AddTelemetry();
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IStartupFilter, CorrelationStartupFilter>();
        builder.Services.AddErrors();
        builder.Services.AddSecurity();
        builder.Services.AddHttpDefaults();
        builder.Services.AddHealthChecks();
        builder.Services.AddHostedService<SocketThreads>();
        return builder;
    }

    /// <summary>Maps <c>/health</c> and <c>/alive</c>, open to everybody: they say states, no contents.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealth();
        return app;
    }

    /// <summary>
    /// Has what was mapped so far built once. At a start both routing and authorisation read the endpoints, and a group builds its own anew
    /// for each reader: every handler would be compiled twice.
    /// </summary>
    public static WebApplication BuildEndpointsOnce(this WebApplication app)
    {
        var sources = ((IEndpointRouteBuilder)app).DataSources;
        var once = new CompositeEndpointDataSource([.. sources]);
        sources.Clear();
        sources.Add(once);
        return app;
    }
}
