using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

internal static class IdentityServiceCollectionExtensions
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddOptions<IdentityOptions>().BindConfiguration(IdentityOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>());
        services.TryAddSingleton<IUserStore, MySqlUserStore>();
        services.TryAddSingleton<IRefreshTokenStore, MySqlRefreshTokenStore>();
        services.TryAddSingleton<ISigningKeyStore, MySqlSigningKeyStore>();
        services.TryAddSingleton<SigningKeyRing>();
        services.TryAddSingleton<PasswordCheck>();
        services.TryAddSingleton<SignInThrottle>();
        services.TryAddSingleton<ServiceCredentials>();
        services.TryAddSingleton<TokenIssuer>();
        services.TryAddSingleton<EndedSignIns>();
        services.TryAddSingleton<SignInService>();
        services.TryAddSingleton<AuthEnvelope>();

        // Before the framework's own writer, which would take everything.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, AuthEnvelope>(provider => provider.GetRequiredService<AuthEnvelope>()));
        services.TryAddSingleton<TokenService>();
        services.Replace(ServiceDescriptor.Singleton<ISigningKeySource, TableKeySource>());
        services.AddSingleton<SigningKeyWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeyWorker>());
        services.AddSingleton<IAfterMigrations>(provider => provider.GetRequiredService<SigningKeyWorker>());
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, AuthJsonContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, OAuthJsonContext.Default);
        });
        return services;
    }
}
