using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Violations;

internal static class ViolationsServiceCollectionExtensions
{
    public static IServiceCollection AddViolations(this IServiceCollection services)
    {
        services.TryAddSingleton<IViolationStore, MySqlViolationStore>();
        services.TryAddSingleton<ViolationService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ViolationJsonContext.Default));
    }
}
