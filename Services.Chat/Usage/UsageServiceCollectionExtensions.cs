using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Reports;
using AiPlatform.Services.Chat.Usage.Retention;
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
        services.TryAddSingleton<IUsageReportStore, MySqlUsageReportStore>();
        services.TryAddSingleton<UsageReportService>();
        services.TryAddSingleton<UsageRetention>();
        services.AddHostedService<UsageRetentionWorker>();
        services.TryAddSingleton<UsageQueue>();
        services.TryAddSingleton<UsageLog>();
        services.AddSingleton<IModelCallObserver, UsageObserver>();
        services.AddBudgets();

        // Ended in the opposite order: those who make calls first, then who counts them.
        services.AddHostedService<UsageWriter>();
        services.AddHostedService<UsageAppender>();
        return services;
    }

    private static void AddBudgets(this IServiceCollection services)
    {
        services.AddWrites();
        services.AddOptions<BudgetOptions>().BindConfiguration(BudgetOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<BudgetOptions>, BudgetOptionsValidator>();
        services.TryAddSingleton<IBudgetStore, MySqlBudgetStore>();
        services.TryAddSingleton<BudgetService>();
        services.TryAddSingleton<BudgetBook>();
        services.TryAddSingleton<BudgetGate>();
        services.TryAddSingleton<BudgetDesk>();
        services.AddHostedService(static provider => provider.GetRequiredService<BudgetDesk>());
        services.TryAddSingleton<BudgetReader>();
        services.AddHostedService(static provider => provider.GetRequiredService<BudgetReader>());
        services.AddSingleton<IAfterMigrations>(static provider => provider.GetRequiredService<BudgetReader>());
    }
}
