using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Practitioners;

internal static class PractitionersServiceCollectionExtensions
{
    public static IServiceCollection AddPractitioners(this IServiceCollection services)
    {
        services.TryAddSingleton<IPractitionerStore, MySqlPractitionerStore>();
        services.TryAddSingleton<PractitionerService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, PractitionerJsonContext.Default));
    }
}
