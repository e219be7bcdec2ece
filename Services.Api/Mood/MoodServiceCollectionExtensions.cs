using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Mood;

internal static class MoodServiceCollectionExtensions
{
    public static IServiceCollection AddMood(this IServiceCollection services)
    {
        services.TryAddSingleton<IMoodStore, MySqlMoodStore>();
        services.TryAddSingleton<MoodService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, MoodJsonContext.Default));
    }
}
