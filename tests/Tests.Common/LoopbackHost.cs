using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Tests.Common;

/// <summary>The bare Kestrel host of the kit's servers, on a free port of 127.0.0.1.</summary>
public static class LoopbackHost
{
    public static WebApplication Create()
    {
        // Empty: no settings, so that the environment of the test run decides nothing here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    /// <summary>Known once the host has started.</summary>
    public static string UrlOf(WebApplication app) => app.Urls.Single();
}
