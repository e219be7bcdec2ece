using AiPlatform.ServiceDefaults.Http;

namespace AiPlatform.Services.Documents.Services;

internal static class ServicesServiceCollectionExtensions
{
    public static IServiceCollection AddNeighbours(this IServiceCollection services)
    {
        services.AddServiceClient<PracticeApi>("api").AddCallerToken();
        services.AddServiceClient<ModelGateway>("chat").AddCallerToken();
        return services;
    }
}
