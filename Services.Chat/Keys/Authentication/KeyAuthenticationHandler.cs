using System.Text.Encodings.Web;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>Judges the virtual key of a request to a route that takes them; every other route sees a bearer token that is none.</summary>
internal sealed class KeyAuthenticationHandler(
    KnownKeys known, TimeProvider timeProvider, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggerFactory, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggerFactory, encoder)
{
    public const string SchemeName = "VirtualKey";

    /// <summary>The scheme that judges a request; null leaves it to the tokens' own.</summary>
    public static string? Select(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<TakesVirtualKeys>() is not null && BearerToken.SpanOf(context.Request.Headers.Authorization.ToString()).StartsWith(KeySecret.Prefix, StringComparison.Ordinal) ? SchemeName : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeySecret.HashOfGiven(BearerToken.Of(Request.Headers.Authorization.ToString()) ?? "") is not { } hash || await known.FindAsync(hash, Context.RequestAborted) is not { } found || !found.Key.Takes(hash, timeProvider.GetUtcNow()))
        {
            return AuthenticateResult.Fail("no such key");
        }

        Context.Features.Set(found.User);
        Context.Features.Set(found.Key);
        return AuthenticateResult.Success(new(found.Principal, SchemeName));
    }
}
