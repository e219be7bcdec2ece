using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Documents.Templates;

internal static class TemplatesServiceCollectionExtensions
{
    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton<ITemplateStore, MySqlTemplateStore>();
        services.TryAddSingleton<TemplateService>();
        services.AddSingleton<IAfterMigrations, TemplateSeeding>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, TemplateJsonContext.Default));
        return services;
    }
}
