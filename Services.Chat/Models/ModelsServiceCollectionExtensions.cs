using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Capture;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Services.Chat.Models.Routing;
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
        services.AddOptions<CaptureOptions>().BindConfiguration(CaptureOptions.Section);
        services.TryAddSingleton<ContentCapture>();
        services.AddHostedService(static provider => provider.GetRequiredService<ContentCapture>());
        services.TryAddSingleton<ModelConnections>();
        services.TryAddSingleton<ProviderClients>();
        services.TryAddSingleton<EndpointStates>();
        services.TryAddSingleton<ModelRouter>();
        services.TryAddSingleton<RoutingStats>();
        services.AddOptions<RoutingOptions>().BindConfiguration(RoutingOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<RoutingOptions>, RoutingOptionsValidator>();
        services.TryAddSingleton<CooldownExchange>();
        services.AddHostedService(static provider => provider.GetRequiredService<CooldownExchange>());
        services.TryAddSingleton<ResponseAffinity>();
        services.AddHostedService(static provider => provider.GetRequiredService<ResponseAffinity>());
        services.AddHostedService<KeyCheck>();
        services.AddHealthChecks().AddCheck<ModelHealthCheck>("models");
        services.AddOptions<ForwardingOptions>().BindConfiguration(ForwardingOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ForwardingOptions>, ForwardingOptionsValidator>();
        services.TryAddSingleton<Forwarder>();
        services.AddCaching();
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
    }
}
