using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Reports;

internal static class ReportsServiceCollectionExtensions
{
    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.TryAddSingleton<IReportStore, MySqlReportStore>();
        services.TryAddSingleton<ReportReader>();
        services.TryAddSingleton<ReportService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ReportJsonContext.Default));
    }
}
