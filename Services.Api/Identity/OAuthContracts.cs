using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Identity;

/// <summary>The form of a grant; read field by field, this describes it.</summary>
/// <param name="GrantType">client_credentials, or urn:ietf:params:oauth:grant-type:token-exchange.</param>
/// <param name="ClientId">The service's id.</param>
/// <param name="ClientSecret">The service's secret.</param>
/// <param name="PracticeId">The practice, for client_credentials.</param>
/// <param name="SubjectToken">The user's token, or the run's own to renew it, for an exchange.</param>
/// <param name="SubjectTokenType">urn:ietf:params:oauth:token-type:access_token, for an exchange.</param>
/// <param name="RunId">The run, for an exchange.</param>
/// <param name="RunEnd">Unix seconds past which no renewal reaches, for a run's first exchange.</param>
/// <example>{"grant_type":"client_credentials","client_id":"chat","client_secret":"the-secret-of-the-service","practice_id":"0a000000-0000-7000-8000-000000000001"}</example>
public sealed record TokenRequest(
    [property: JsonPropertyName("grant_type"), Required] string? GrantType,
    [property: JsonPropertyName("client_id"), Required] string? ClientId,
    [property: JsonPropertyName("client_secret"), Required] string? ClientSecret,
    [property: JsonPropertyName("practice_id")] Guid? PracticeId,
    [property: JsonPropertyName("subject_token")] string? SubjectToken,
    [property: JsonPropertyName("subject_token_type")] string? SubjectTokenType,
    [property: JsonPropertyName("run_id")] Guid? RunId,
    [property: JsonPropertyName("run_end")] long? RunEnd);

/// <summary>RFC 6749 section 5.1, RFC 8693 section 2.2.1.</summary>
/// <param name="AccessToken">A JWT for the Authorization header.</param>
/// <param name="TokenType">Bearer.</param>
/// <param name="ExpiresIn">Seconds it lives.</param>
/// <param name="IssuedTokenType">Of an exchange: urn:ietf:params:oauth:token-type:access_token.</param>
/// <example>{"access_token":"eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiIwYTAwIn0.c2lnbmF0dXJl","token_type":"Bearer","expires_in":600}</example>
public sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("issued_token_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IssuedTokenType);

/// <summary>RFC 6749 section 5.2.</summary>
/// <param name="Error">Stable, for programs.</param>
/// <param name="ErrorDescription">For people.</param>
/// <example>{"error":"invalid_client","error_description":"The service's id or secret is wrong."}</example>
public sealed record TokenErrorResponse(
    [property: JsonPropertyName("error"), AllowedValues("invalid_request", "invalid_client", "invalid_grant", "unsupported_grant_type")] string Error,
    [property: JsonPropertyName("error_description")] string ErrorDescription);

/// <summary>OpenID Connect Discovery 1.0, section 3.</summary>
/// <param name="Issuer">As it stands in tokens.</param>
/// <param name="JwksUri">Where the keys are.</param>
/// <param name="TokenEndpoint">Where services get tokens.</param>
/// <param name="GrantTypes">The grants there are.</param>
/// <param name="AuthMethods">How a service shows who it is.</param>
/// <param name="ResponseTypes">token.</param>
/// <param name="SubjectTypes">public.</param>
/// <param name="SigningAlgorithms">ES256.</param>
/// <example>{"issuer":"https://aiplatform.local","jwks_uri":"https://api.example/.well-known/jwks.json","token_endpoint":"https://api.example/connect/token","grant_types_supported":["client_credentials","urn:ietf:params:oauth:grant-type:token-exchange"],"token_endpoint_auth_methods_supported":["client_secret_post"],"response_types_supported":["token"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"]}</example>
public sealed record DiscoveryResponse(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("grant_types_supported")] IReadOnlyList<string> GrantTypes,
    [property: JsonPropertyName("token_endpoint_auth_methods_supported")] IReadOnlyList<string> AuthMethods,
    [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
    [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> SigningAlgorithms);

/// <summary>RFC 7517 section 5.</summary>
/// <param name="Keys">The one that signs now, and those whose tokens may still live.</param>
public sealed record JwksResponse([property: JsonPropertyName("keys")] IReadOnlyList<JwkResponse> Keys);

/// <summary>A public key (RFC 7517, RFC 7518 section 6.2).</summary>
/// <param name="KeyType">EC.</param>
/// <param name="Use">sig.</param>
/// <param name="Algorithm">ES256.</param>
/// <param name="Kid">The key's name in token headers.</param>
/// <param name="Curve">P-256.</param>
/// <param name="X">The point's x, base64url.</param>
/// <param name="Y">The point's y, base64url.</param>
/// <example>{"kty":"EC","use":"sig","alg":"ES256","kid":"k1","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}</example>
public sealed record JwkResponse(
    [property: JsonPropertyName("kty")] string KeyType,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("alg")] string Algorithm,
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("crv")] string Curve,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y);

[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(TokenErrorResponse))]
[JsonSerializable(typeof(DiscoveryResponse))]
[JsonSerializable(typeof(JwksResponse))]
internal sealed partial class OAuthJsonContext : JsonSerializerContext;
