using AiPlatform.ServiceDefaults.Http;

namespace AiPlatform.Services.Chat.Services;

internal static class ServicesServiceCollectionExtensions
{
    // A transcript may have 10 MB; what is larger is no answer of ours.
    private const int LargestAnswer = 32 * 1024 * 1024;

    public static IServiceCollection AddServices(this IServiceCollection services)
    {
        services.AddServiceClient<PracticeApi>("api").ConfigureHttpClient(client => client.MaxResponseContentBufferSize = LargestAnswer);
        services.AddOptions<ServiceCredentialOptions>().BindConfiguration(ServiceCredentialOptions.Section);
        services.AddServiceClient<PlatformApi>("api");
        services.AddServiceClient<DocumentsApi>("documents").ConfigureHttpClient(client => client.MaxResponseContentBufferSize = LargestAnswer);
        return services;
    }
}
