using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Http;

internal static class WritesServiceCollectionExtensions
{
    /// <summary>What every feature that writes uses: strict bodies and creates that happen once.</summary>
    public static IServiceCollection AddWrites(this IServiceCollection services)
    {
        services.TryAddSingleton<StrictJson>();
        services.TryAddSingleton<CreateOnce>();
        return services;
    }
}
