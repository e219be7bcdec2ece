using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.ServiceDefaults.Http;

public static class ServiceClientExtensions
{
    /// <summary>
    /// Adds a typed client of a neighbour service. Its base address is <c>http://{serviceName}</c>; the defaults that every
    /// outgoing client has (discovery, bounds, circuit breaker, correlation) apply.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IServiceCollection services, string serviceName)
        where TClient : class =>
        services.AddHttpClient<TClient>(client => client.BaseAddress = new Uri($"http://{serviceName}"));

    /// <summary>Sends the current request's own bearer token along: the neighbour sees the same user.</summary>
    public static IHttpClientBuilder AddCallerToken(this IHttpClientBuilder builder)
    {
        builder.Services.TryAddTransient<CallerTokenHandler>();
        return builder.AddHttpMessageHandler<CallerTokenHandler>();
    }

    internal static IServiceCollection AddHttpDefaults(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ServiceEndpoints(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<ResiliencePipelines>();
        services.ConfigureHttpClientDefaults(builder =>
        {
            // Bounded by the pipeline below and by the caller's token; a stream may rightly last longer than any fixed total.
            builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
            builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(2),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AllowAutoRedirect = false,
                UseCookies = false,
            });

            // Spans say what was called; the factory's log lines hold whole addresses, query included.
            builder.RemoveAllLoggers();
            builder.AddHttpMessageHandler(() => new CorrelationHandler());
            builder.AddHttpMessageHandler(provider => new ResilienceHandler(provider.GetRequiredService<ResiliencePipelines>()));
            builder.AddHttpMessageHandler(provider => new ServiceDiscoveryHandler(provider.GetRequiredService<ServiceEndpoints>()));
        });
        return services;
    }
}
