using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Practices;

internal static class PracticesServiceCollectionExtensions
{
    public static IServiceCollection AddPractices(this IServiceCollection services)
    {
        services.TryAddSingleton<IPracticeStore, MySqlPracticeStore>();
        services.TryAddSingleton<PracticeClock>();
        services.TryAddSingleton<PracticeService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, PracticeJsonContext.Default));
    }
}
