using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Consents;

internal static class ConsentsServiceCollectionExtensions
{
    public static IServiceCollection AddConsents(this IServiceCollection services)
    {
        services.TryAddSingleton<IConsentStore, MySqlConsentStore>();
        services.TryAddSingleton<ConsentService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ConsentJsonContext.Default));
    }
}
