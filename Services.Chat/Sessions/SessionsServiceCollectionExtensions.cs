using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Sessions;

internal static class SessionsServiceCollectionExtensions
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<ChatSessionOptions>().BindConfiguration(ChatSessionOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ChatSessionOptions>, ChatSessionOptionsValidator>();
        services.TryAddSingleton<OptionalRedis>();
        services.TryAddSingleton<ChatSessions>();
        services.TryAddSingleton<RedisUiStateStore>();
        services.TryAddSingleton<IUiStateStore>(provider => provider.GetRequiredService<RedisUiStateStore>());
        services.TryAddSingleton<UiStateService>();
        services.AddHostedService<SessionCare>();
        return services;
    }
}
