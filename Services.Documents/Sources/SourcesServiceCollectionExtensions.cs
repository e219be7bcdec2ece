using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Documents.Sources;

internal static class SourcesServiceCollectionExtensions
{
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddOptions<SourceOptions>().BindConfiguration(SourceOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SourceOptions>, SourceOptionsValidator>();
        services.AddTransient<SourceReader>();
        return services;
    }
}
