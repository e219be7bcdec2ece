using AiPlatform.Services.Api.Clients.Care;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Clients;

internal static class ClientsServiceCollectionExtensions
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.TryAddSingleton<IClientStore, MySqlClientStore>();
        services.TryAddSingleton<ClientGate>();
        services.TryAddSingleton<ClientFigures>();
        services.TryAddSingleton<ClientService>();
        services.TryAddSingleton<ClientDetailService>();
        services.TryAddSingleton<ClientRecords>();
        services.TryAddSingleton<ClientRecordService>();
        services.TryAddSingleton<ICareRelationStore, MySqlCareRelationStore>();
        services.TryAddSingleton<CareRelationService>();
        return services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ClientJsonContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, CareRelationJsonContext.Default);
        });
    }
}
