using AiPlatform.Services.Api.ClinicalSessions.Analysis;
using AiPlatform.Services.Api.ClinicalSessions.Import;
using AiPlatform.Services.Api.ClinicalSessions.Retention;
using AiPlatform.Services.Api.ClinicalSessions.Search;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal static class ClinicalSessionsServiceCollectionExtensions
{
    public static IServiceCollection AddClinicalSessions(this IServiceCollection services)
    {
        services.TryAddSingleton<IClinicalSessionStore, MySqlClinicalSessionStore>();
        services.TryAddSingleton<SessionCalendar>();
        services.TryAddSingleton<SessionFigures>();
        services.TryAddSingleton<ITranscriptStore, MySqlTranscriptStore>();
        services.TryAddSingleton<ClinicalSessionService>();
        services.TryAddSingleton<SessionPlanService>();
        services.TryAddSingleton<SessionValidation>();
        services.TryAddSingleton<SessionImportService>();
        services.TryAddSingleton<SessionAnalysisService>();
        services.AddTranscriptSearch();
        services.AddTranscriptRetention();
        return services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ClinicalSessionJsonContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, SessionAnalysisJsonContext.Default);
        });
    }
}
