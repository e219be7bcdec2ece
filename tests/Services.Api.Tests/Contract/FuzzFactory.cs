using AiPlatform.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Contract;

/// <summary>The service with a count of the requests that came as far as a handler.</summary>
public sealed class FuzzFactory : ApiFactory
{
    private readonly HandlerCount _handlers = new();

    internal int Handled => _handlers.Count;

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Logging:LogLevel:Default"] = "None" };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(_handlers));
    }

    private sealed class HandlerCount : IStartupFilter
    {
        private int _count;

        public int Count => _count;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, next) =>
            {
                await next(context);
                if (CameToAHandler(context))
                {
                    Interlocked.Increment(ref _count);
                }
            });
            next(app);
        };

        // Not those that routing, the token, the binding of a parameter, its validation or the choice of a format turned away.
        private static bool CameToAHandler(HttpContext context)
        {
            var thrown = context.Features.Get<IExceptionHandlerFeature>();
            var endpoint = thrown?.Endpoint ?? context.GetEndpoint();
            return endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>() is not null
                && context.Response.StatusCode is not (401 or 406)
                && (thrown?.Error is { } error ? error is DomainException : context.Response.StatusCode is not 400);
        }
    }
}
