using AiPlatform.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Security;

internal static class SecurityServiceCollectionExtensions
{
    /// <summary>Every endpoint needs a verified user unless it says AllowAnonymous; handlers take <see cref="CurrentUser"/> as a parameter.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddHttpClient(JwksKeySource.HttpClientName);
        services.TryAddSingleton<ISigningKeySource, JwksKeySource>();
        services.AddSingleton<TokenVerifier>();

        services.AddAuthentication(TokenAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthenticationHandler>(TokenAuthenticationHandler.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.AddHttpContextAccessor();
        services.AddScoped(static provider =>
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<AuthenticatedUser>()
            ?? throw new DomainException(DomainErrorKind.Unauthorized, "auth.required", "An access token is needed."));
        services.AddScoped(static provider => provider.GetRequiredService<AuthenticatedUser>().User);
        return services;
    }
}
