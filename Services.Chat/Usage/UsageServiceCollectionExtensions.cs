using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Usage.Settling;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage;

internal static class UsageServiceCollectionExtensions
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<UsageOptions>, UsageOptionsValidator>();
        services.TryAddSingleton<IUsageStore, MySqlUsageStore>();
        services.TryAddSingleton<UsageQueue>();
        services.TryAddSingleton<UsageLog>();
        services.AddSingleton<IModelCallObserver, UsageObserver>();

        // Ended in the opposite order: those who make calls first, then who counts them.
        services.AddHostedService<UsageWriter>();
        services.AddHostedService<UsageAppender>();
        return services;
    }
}
