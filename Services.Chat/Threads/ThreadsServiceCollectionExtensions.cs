using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Chat.Threads;

internal static class ThreadsServiceCollectionExtensions
{
    public static IServiceCollection AddThreads(this IServiceCollection services)
    {
        services.TryAddSingleton<IThreadStore, MySqlThreadStore>();
        return services;
    }
}
