using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Reads the bearer token of a request, lets <see cref="TokenVerifier"/> judge it, and answers 401 and 403 as problems.</summary>
internal sealed class TokenAuthenticationHandler(
    TokenVerifier verifier,
    IProblemDetailsService problemDetails,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggerFactory,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggerFactory, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (ReadToken() is not { Length: > 0 } token)
        {
            return AuthenticateResult.NoResult();
        }

        var verification = await verifier.VerifyAsync(token, Context.RequestAborted);
        if (verification.Principal is null)
        {
            return AuthenticateResult.Fail(verification.Failure!);
        }

        Context.Features.Set(new AuthenticatedUser(verification.User!, token, verification.ExpiresAt));
        return AuthenticateResult.Success(new(verification.Principal, SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var tokenGiven = result.Failure is not null;
        Response.Headers.WWWAuthenticate = tokenGiven ? "Bearer error=\"invalid_token\"" : "Bearer";
        await WriteProblemAsync(
            StatusCodes.Status401Unauthorized,
            tokenGiven ? "auth.token_invalid" : "auth.required",
            tokenGiven ? "The access token is not valid or has expired." : "An access token is needed.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        WriteProblemAsync(StatusCodes.Status403Forbidden, "auth.forbidden", "The access token does not allow this.");

    private string? ReadToken()
    {
        if (BearerToken.Of(Request.Headers.Authorization.ToString()) is { } token)
        {
            return token;
        }

        // Browsers cannot set headers on a WebSocket; only routes that say so read the query.
        return Context.GetEndpoint()?.Metadata.GetMetadata<QueryTokenAllowed>() is not null ? Request.Query["token"].ToString() : null;
    }

    private async Task WriteProblemAsync(int status, string code, string detail)
    {
        Response.StatusCode = status;
        await problemDetails.TryWriteAsync(new()
        {
            HttpContext = Context,
            ProblemDetails = new ProblemDetails { Status = status, Detail = detail, Extensions = { ["code"] = code } },
        });
    }
}
