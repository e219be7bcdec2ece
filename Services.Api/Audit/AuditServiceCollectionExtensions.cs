using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Audit;

internal static class AuditServiceCollectionExtensions
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>());
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton<IAuditStore, MySqlAuditStore>();
        services.TryAddSingleton<AuditQueue>();
        services.TryAddSingleton<AuditVerifier>();
        services.TryAddSingleton<AuditRetention>();
        services.TryAddSingleton<AuditIntake>();
        services.AddHostedService<AuditWorker>();
        services.AddHostedService<AuditRetentionWorker>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, AuditJsonContext.Default));
    }
}
