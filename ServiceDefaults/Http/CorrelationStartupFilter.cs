using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AiPlatform.ServiceDefaults.Http;

/// <summary>First in every service's pipeline: takes over the caller's correlation id and answers with the one in use.</summary>
internal sealed class CorrelationStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, next) =>
        {
            Correlation.Use(context.Request.Headers[Correlation.Header].ToString());
            var correlationId = Correlation.Current;

            // At the last moment, because the exception handler clears what was set before.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[Correlation.Header] = correlationId;
                return Task.CompletedTask;
            });
            return next(context);
        });
        next(app);
    };
}
