using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Homework;

internal static class HomeworkServiceCollectionExtensions
{
    public static IServiceCollection AddHomework(this IServiceCollection services)
    {
        services.TryAddSingleton<IHomeworkStore, MySqlHomeworkStore>();
        services.TryAddSingleton<HomeworkFigures>();
        services.TryAddSingleton<HomeworkService>();
        services.TryAddSingleton<HomeworkResultService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, HomeworkJsonContext.Default));
    }
}
