using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiPlatform.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Services;

/// <summary>Services.Api, asked and told in the service's own name: what is nobody's request at hand.</summary>
internal sealed class PlatformApi(HttpClient http, IOptions<ServiceCredentialOptions> credential)
{
    /// <returns>Null when they are recorded, now or before.</returns>
    public async Task<ServiceError?> RecordAsync(Guid practiceId, IReadOnlyList<RecordAuditEvent> events, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/audit/events")
        {
            Content = JsonContent.Create(new(events), ServiceJsonContext.Default.RecordAuditEventsRequest),
        };
        return (await SendAsync(practiceId, request, ServiceJsonContext.Default.RecordedAuditEvents, cancellationToken)).Error;
    }

    /// <summary>Those of the users, 100 at most, who may still sign in.</summary>
    public async Task<ServiceReply<ActiveUserList>> FindActiveUsersAsync(Guid practiceId, IEnumerable<Guid> userIds, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/users/active?id={string.Join("&id=", userIds)}");
        return await SendAsync(practiceId, request, ServiceJsonContext.Default.ActiveUserList, cancellationToken);
    }

    /// <summary>Whether sending the same again would be refused again; everything else may be mended on the other side.</summary>
    public static bool IsAboutTheEvents(ServiceError error) => error.Code is "validation_error" or "conflict";

    // A token for each request: there are few, and one that is kept could have lost its key meanwhile.
    private async Task<ServiceReply<T>> SendAsync<T>(Guid practiceId, HttpRequestMessage request, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
        where T : class =>
        (await GrantAsync(practiceId, cancellationToken)).Failed(out var refusal, out var token)
            ? refusal
            : await http.SendAsync(request, new ServiceCall(token.AccessToken, ProfileId: null, Correlation.Current), typeInfo, cancellationToken);

    private async Task<ServiceReply<ServiceToken>> GrantAsync(Guid practiceId, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = credential.Value.ClientId,
            ["client_secret"] = credential.Value.ClientSecret,
            ["practice_id"] = practiceId.ToString(),
        });

        try
        {
            using var response = await http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, cancellationToken);

            if (response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync(ServiceJsonContext.Default.ServiceToken, cancellationToken) is { } token)
            {
                return token;
            }

            return response.StatusCode == HttpStatusCode.BadRequest
                ? new ServiceError("validation_error", "The Api has no such practice.", Retryable: false)
                : new ServiceError("upstream_error", "The Api gave no token.", Retryable: true);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ServiceError("upstream_error", "The Api cannot be reached.", Retryable: true);
        }
    }
}
