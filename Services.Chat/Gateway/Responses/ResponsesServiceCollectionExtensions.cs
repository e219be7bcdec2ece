using AiPlatform.Services.Chat.Gateway.Responses.Background;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses;

internal static class ResponsesServiceCollectionExtensions
{
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.AddOptions<ResponseStorageOptions>().BindConfiguration(ResponseStorageOptions.Section).ValidateOnStart();
        services.AddOptions<BackgroundOptions>().BindConfiguration(BackgroundOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ResponseStorageOptions>, ResponseStorageOptionsValidator>();
        services.TryAddSingleton<IValidateOptions<BackgroundOptions>, BackgroundOptionsValidator>();
        services.TryAddSingleton<ResponseCipher>();
        services.TryAddSingleton<RedisResponseStore>();
        services.TryAddSingleton<BackgroundResponses>();
        services.TryAddSingleton<UpstreamResponses>();
        services.TryAddSingleton<ResponseService>();
        services.TryAddSingleton<ResponseTranslation>();
        services.AddHostedService<BackgroundResponseWorker>();
        return services;
    }
}
