using System.Buffers.Text;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.Identity;

/// <summary>What the other services ask: tokens, the keys to verify them, and where both are.</summary>
internal static class OAuthEndpoints
{
    private const long MaxFormBytes = 32 * 1024;

    public static RouteGroupBuilder MapOAuth(this RouteGroupBuilder group)
    {
        group.WithTags("Identity").AllowAnonymous();
        group.MapPost("/connect/token", GrantAsync).WithName("GrantToken")
            .WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes))
            .AddOpenApiOperationTransformer(DescribeFormAsync)
            .Produces<TokenErrorResponse>(StatusCodes.Status400BadRequest)
            .Produces<TokenErrorResponse>(StatusCodes.Status401Unauthorized);
        group.MapGet("/.well-known/openid-configuration", GetDiscovery).WithName("GetDiscovery");
        group.MapGet("/.well-known/jwks.json", GetKeysAsync).WithName("GetKeys");
        return group;
    }

    /// <summary>Grants a token to a service: one of its own for a practice, or one for a run of a user (RFC 6749, RFC 8693).</summary>
    /// <remarks>
    /// grant_type client_credentials with practice_id gives a service token. grant_type token exchange with subject_token, subject_token_type,
    /// run_id and run_end gives a token for that run; exchanged again with itself, without run_end, it is renewed until the run's end.
    /// </remarks>
    internal static async Task<Results<Ok<TokenResponse>, JsonHttpResult<TokenErrorResponse>>> GrantAsync(
        HttpContext context, TokenService tokens, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        var grant = await ReadFormAsync(context.Request, cancellationToken) is { } form
            ? await tokens.GrantAsync(form, cancellationToken)
            : TokenGrant.Refuse("invalid_request", "The body must be a form.");
        if (grant.Token is { } token)
        {
            return TypedResults.Ok(new TokenResponse(token.Value, "Bearer", token.LifetimeSeconds, grant.IssuedTokenType));
        }

        return TypedResults.Json(
            new TokenErrorResponse(grant.Error!, grant.ErrorDescription!),
            OAuthJsonContext.Default.TokenErrorResponse,
            statusCode: grant.Error is "invalid_client" ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest);
    }

    /// <returns>Null for a body that is no form.</returns>
    private static async Task<IFormCollection?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : null;
        }
        catch (InvalidDataException)
        {
            // What the reader cannot decode or finds too much of: practice_id=%00
            return null;
        }
    }

    // Read by hand: a body that is no form is an OAuth error, which the framework would not make of it.
    private static async Task DescribeFormAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-www-form-urlencoded"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(TokenRequest), null, cancellationToken) },
            },
        };

    /// <summary>Tells where tokens come from and how to verify them (OpenID Connect Discovery).</summary>
    internal static Ok<DiscoveryResponse> GetDiscovery(HttpRequest request, IOptions<AuthOptions> auth)
    {
        var here = $"{request.Scheme}://{request.Host}";
        return TypedResults.Ok(new DiscoveryResponse(
            auth.Value.Issuer,
            $"{here}/.well-known/jwks.json",
            $"{here}/connect/token",
            [TokenService.ClientCredentials, TokenService.TokenExchange],
            ["client_secret_post"],
            ["token"],
            ["public"],
            ["ES256"]));
    }

    /// <summary>Publishes the public keys of access tokens (RFC 7517).</summary>
    internal static async Task<Ok<JwksResponse>> GetKeysAsync(SigningKeyRing ring, CancellationToken cancellationToken)
    {
        var keys = await ring.ReadAsync(cancellationToken);
        return TypedResults.Ok(new JwksResponse([.. keys.Select(ToResponse)]));
    }

    private static JwkResponse ToResponse(SigningKeyPair key)
    {
        var point = key.PublicParameters.Q;
        return new("EC", "sig", "ES256", key.Kid, "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }
}
