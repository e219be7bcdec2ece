using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Documents.Storage;

internal static class StorageServiceCollectionExtensions
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<IDocumentStore, MySqlDocumentStore>();
        services.TryAddTransient<DocumentReader>();
        services.TryAddSingleton<IIdempotencyStore, MySqlIdempotencyStore>();
        return services;
    }
}
