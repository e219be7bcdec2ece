using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Adds route and status to ASP.NET Core's own server span, which has neither without the instrumentation package. May go when
/// OpenTelemetry.Instrumentation.AspNetCore can be used.
/// </summary>
internal sealed class ServerSpanStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, next) =>
        {
            // Between the end of the answer and that of the span, when its status is known.
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true })
            {
                context.Response.OnCompleted(static state => Describe((HttpContext)state), context);
            }

            return next(context);
        });
        next(app);
    };

    private static Task Describe(HttpContext context)
    {
        var activity = context.Features.GetRequiredFeature<IHttpActivityFeature>().Activity;
        var status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        if (status >= 500)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }

        // The exception handler takes the endpoint away and keeps it in its feature.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if ((endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            activity.SetTag("http.route", route);
            activity.DisplayName = $"{context.Request.Method} {route}";
        }
        else
        {
            activity.DisplayName = context.Request.Method;
        }

        return Task.CompletedTask;
    }
}
