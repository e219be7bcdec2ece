using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

internal static class RetentionServiceCollectionExtensions
{
    public static IServiceCollection AddTranscriptRetention(this IServiceCollection services)
    {
        services.TryAddSingleton<IRetentionStore, MySqlRetentionStore>();
        services.TryAddSingleton<TranscriptRetention>();
        services.AddHostedService<TranscriptRetentionWorker>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, RetentionJsonContext.Default));
    }
}
