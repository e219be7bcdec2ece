using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Http;
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

        // A retry would be a second fetch, and a circuit that opened for the issuer's other routes says nothing of its keys.
        services.AddHttpClient(JwksKeySource.HttpClientName).ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToList())
            {
                handlers.Remove(handler);
            }
        });
        services.TryAddSingleton<ISigningKeySource, JwksKeySource>();
        services.AddSingleton<TokenVerifier>();

        // Not AddAuthentication: it brings data protection along, which writes keys to the user's home at start; we have no cookies.
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = TokenAuthenticationHandler.SchemeName;
            options.AddScheme<TokenAuthenticationHandler>(TokenAuthenticationHandler.SchemeName, displayName: null);
        });
        services.AddTransient<TokenAuthenticationHandler>();
        services.AddWebEncoders();
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
