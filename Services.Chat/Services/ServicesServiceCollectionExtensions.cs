using AiPlatform.ServiceDefaults.Http;

namespace AiPlatform.Services.Chat.Services;

internal static class ServicesServiceCollectionExtensions
{
    public static IServiceCollection AddServices(this IServiceCollection services)
    {
        services.AddServiceClient<PracticeApi>("api");
        services.AddServiceClient<DocumentsApi>("documents");
        return services;
    }
}
