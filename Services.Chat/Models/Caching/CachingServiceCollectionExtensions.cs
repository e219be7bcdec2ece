using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Caching;

internal static class CachingServiceCollectionExtensions
{
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>();
        services.TryAddSingleton<KnownPlans>();
        services.TryAddSingleton<CacheMemory>();
        services.TryAddSingleton<RedisCacheStore>();
        services.TryAddSingleton<Flights>();
        services.TryAddSingleton<CacheWriter>();
        services.AddHostedService(static provider => provider.GetRequiredService<CacheWriter>());
        services.TryAddSingleton<CacheClearing>();
        services.AddHostedService(static provider => provider.GetRequiredService<CacheClearing>());
        services.TryAddSingleton<ResponseCache>();
        return services;
    }
}
