using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models;

internal static class ModelsServiceCollectionExtensions
{
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddCatalogue();
        services.TryAddSingleton<ModelCalls>();
        services.TryAddSingleton<ModelConnections>();
        services.TryAddSingleton<ProviderClients>();
        services.TryAddSingleton<ModelForwarder>();
        services.TryAddSingleton<IChatModels, ChatModels>();
        return services;
    }

    private static void AddCatalogue(this IServiceCollection services)
    {
        services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.AddOptions<CatalogueOptions>()
            .BindConfiguration(CatalogueOptions.Section)
            .Configure<IConfiguration>(static (options, configuration) => options.File = configuration[CatalogueOptions.FileSetting])
            .ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<CatalogueOptions>, CatalogueOptionsValidator>();
        services.TryAddSingleton<CatalogueSource>();
        services.TryAddSingleton<ModelCatalogue>();
        services.AddHostedService<CatalogueWatcher>();
        services.AddHealthChecks().AddCheck<CatalogueHealthCheck>("models");
    }
}
