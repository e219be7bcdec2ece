using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Services.Chat.Keys.Limits;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys;

internal static class KeysServiceCollectionExtensions
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddWrites();
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>();
        services.TryAddSingleton<IKeyStore, MySqlKeyStore>();
        services.TryAddSingleton<LookupBudget>();
        services.TryAddSingleton<KnownKeys>();
        services.TryAddSingleton<KeyChanges>();
        services.AddHostedService(static provider => provider.GetRequiredService<KeyChanges>());
        services.TryAddSingleton<KeyService>();
        services.AddHostedService<KeyMakerWorker>();
        services.AddLimits();

        services.AddTransient<KeyAuthenticationHandler>();
        services.Configure<AuthenticationOptions>(static options => options.AddScheme<KeyAuthenticationHandler>(KeyAuthenticationHandler.SchemeName, displayName: null));

        // Every request is judged as one with a token, but one with a key on a route that takes them.
        services.ConfigureAll<AuthenticationSchemeOptions>(static options => options.ForwardDefaultSelector = KeyAuthenticationHandler.Select);
        return services;
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.TryAddSingleton<LimitExchange>();
        services.AddHostedService(static provider => provider.GetRequiredService<LimitExchange>());
        services.TryAddSingleton<LimitObserver>();
        services.AddSingleton<IModelCallObserver>(static provider => provider.GetRequiredService<LimitObserver>());
    }
}
