using AiPlatform.Services.Api.ClinicalSessions.Import;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal static class ClinicalSessionsServiceCollectionExtensions
{
    public static IServiceCollection AddClinicalSessions(this IServiceCollection services)
    {
        services.TryAddSingleton<IClinicalSessionStore, MySqlClinicalSessionStore>();
        services.TryAddSingleton<SessionCalendar>();
        services.TryAddSingleton<SessionFigures>();
        services.TryAddSingleton<ClinicalSessionService>();
        services.TryAddSingleton<SessionImportService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ClinicalSessionJsonContext.Default));
    }
}
