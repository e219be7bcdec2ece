using AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.ClinicalSessions.Search;

internal static class SearchServiceCollectionExtensions
{
    public static IServiceCollection AddTranscriptSearch(this IServiceCollection services)
    {
        services.AddOptions<EmbeddingOptions>().BindConfiguration(EmbeddingOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddingOptions>, EmbeddingOptionsValidator>());
        services.AddHttpClient<EmbeddingClient>(client => client.MaxResponseContentBufferSize = EmbeddingClient.LargestAnswer);
        services.TryAddSingleton<IEmbeddingStore, MySqlEmbeddingStore>();
        services.TryAddTransient<SegmentSimilarity>();
        services.TryAddSingleton<SearchedSessions>();
        services.TryAddTransient<SemanticSearchService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, SemanticSearchJsonContext.Default));
    }
}
