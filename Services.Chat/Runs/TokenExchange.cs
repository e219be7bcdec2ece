using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Services;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Token exchange at the Api (RFC 8693).</summary>
internal sealed class TokenExchange(HttpClient client, IOptions<ServiceCredentialOptions> options)
{
    public async Task<ExchangedToken> ExchangeAsync(string subjectToken, Guid runId, DateTimeOffset? runEnd, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["client_id"] = options.Value.ClientId,
            ["client_secret"] = options.Value.ClientSecret,
            ["subject_token"] = subjectToken,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["run_id"] = runId.ToString(),
        };
        if (runEnd is { } end)
        {
            form["run_end"] = end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }

        using var content = new FormUrlEncodedContent(form);
        try
        {
            using var response = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), content, cancellationToken);
            if (response.IsSuccessStatusCode
                && await response.Content.ReadFromJsonAsync(TokenExchangeJsonContext.Default.ExchangedToken, cancellationToken) is { } token)
            {
                return token;
            }

            throw Unavailable($"The token exchange was answered with {(int)response.StatusCode}.", null);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or JsonException)
        {
            throw Unavailable("The token exchange could not be reached.", exception);
        }
    }

    private static DomainException Unavailable(string why, Exception? cause) => new(
        DomainErrorKind.Unavailable, "token.upstream_unavailable", "The practice's data cannot be reached right now.", new InvalidOperationException(why, cause));
}

internal sealed record ExchangedToken(string AccessToken, int ExpiresIn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExchangedToken))]
internal sealed partial class TokenExchangeJsonContext : JsonSerializerContext;
