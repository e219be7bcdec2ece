using AiPlatform.ServiceDefaults.Http;
using AiPlatform.Services.Chat.Agents;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

internal static class RunsServiceCollectionExtensions
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.AddOptions<RunOptions>().BindConfiguration(RunOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<RunOptions>, RunOptionsValidator>();
        services.AddServiceClient<TokenExchange>("api");

        services.TryAddSingleton<IRunStore, MySqlRunStore>();
        services.TryAddSingleton<RedisLeases>();
        services.TryAddSingleton<ActiveRuns>();
        services.TryAddSingleton<RunQueue>();
        services.TryAddSingleton<RunTokens>();
        services.TryAddSingleton<RunTelemetry>();
        services.TryAddSingleton<AgentCall>(provider => provider.GetRequiredService<AgentRunner>().RunAsync);
        services.TryAddSingleton<RunExecutor>();
        services.TryAddSingleton<RunClosing>();
        services.TryAddSingleton<RunResumes>();
        services.TryAddSingleton<RunCompletion>();
        services.TryAddSingleton<RunService>();
        services.AddHostedService<RunRecovery>();
        services.AddHostedService<RunWorker>();
        services.AddHostedService<RunKeeper>();
        services.AddHostedService<RunSweeper>();
        return services;
    }
}
