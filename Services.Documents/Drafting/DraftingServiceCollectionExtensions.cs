using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Documents.Drafting;

internal static class DraftingServiceCollectionExtensions
{
    public static IServiceCollection AddDrafting(this IServiceCollection services)
    {
        services.AddOptions<DraftingOptions>().BindConfiguration(DraftingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DraftingOptions>, DraftingOptionsValidator>();
        services.AddTransient<Drafter>();
        return services;
    }
}
