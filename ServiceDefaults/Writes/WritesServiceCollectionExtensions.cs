using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.ServiceDefaults.Writes;

public static class WritesServiceCollectionExtensions
{
    /// <summary>What every feature that writes uses: strict bodies and creates that happen once.</summary>
    public static IServiceCollection AddWrites(this IServiceCollection services)
    {
        services.TryAddSingleton<StrictJson>();
        services.TryAddSingleton<CreateOnce>();
        return services;
    }
}
