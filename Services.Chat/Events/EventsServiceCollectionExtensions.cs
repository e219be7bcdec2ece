using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Events;

internal static class EventsServiceCollectionExtensions
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddOptions<RunLogOptions>().BindConfiguration(RunLogOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<RunLogOptions>, RunLogOptionsValidator>();
        services.TryAddSingleton<RunLog>();
        services.TryAddSingleton<RunFeeds>();
        services.TryAddSingleton<SessionNotices>();
        services.TryAddSingleton<RunReader>();
        return services;
    }
}
