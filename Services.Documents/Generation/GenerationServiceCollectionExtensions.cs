using AiPlatform.Services.Documents.Storage;

namespace AiPlatform.Services.Documents.Generation;

internal static class GenerationServiceCollectionExtensions
{
    public static IServiceCollection AddGeneration(this IServiceCollection services)
    {
        services.AddTransient<DocumentGenerator>();
        services.AddTransient<GenerationService>();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, GenerationJsonContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, DocumentJsonContext.Default);
        });
        return services;
    }
}
