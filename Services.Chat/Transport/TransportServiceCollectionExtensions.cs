using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Transport.Http;
using AiPlatform.Services.Chat.Transport.WebSockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Transport;

internal static class TransportServiceCollectionExtensions
{
    public static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services.AddOptions<TransportOptions>().BindConfiguration(TransportOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<TransportOptions>, TransportOptionsValidator>();
        services.TryAddSingleton(provider => ServiceInstance.From(provider.GetRequiredService<IConfiguration>()["OTEL_RESOURCE_ATTRIBUTES"]));
        services.TryAddSingleton<EndedSignIns>();
        services.TryAddSingleton<SignInWatch>();
        services.TryAddSingleton<FrameHandler>();
        services.TryAddSingleton<ChatSockets>();
        services.TryAddSingleton<RunEventStream>();
        return services;
    }
}
