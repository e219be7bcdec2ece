using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Documents.Services;

/// <summary>Services.Api as the caller sees it: every call carries the caller's own token.</summary>
internal sealed class PracticeApi(HttpClient http)
{
    /// <returns>Null when the caller sees no such session.</returns>
    public Task<ApiSession?> FindSessionAsync(Guid id, CancellationToken cancellationToken) =>
        FindAsync($"api/v1/sessions/{id}?includeSegments=true", PracticeApiJsonContext.Default.ApiSession, cancellationToken);

    /// <returns>Null when the caller sees no such client.</returns>
    public Task<ApiClientRecord?> FindClientAsync(Guid id, CancellationToken cancellationToken) =>
        FindAsync($"api/v1/clients/{id}", PracticeApiJsonContext.Default.ApiClientRecord, cancellationToken);

    public async Task<ApiMe> GetMeAsync(CancellationToken cancellationToken) =>
        await FindAsync("api/v1/me", PracticeApiJsonContext.Default.ApiMe, cancellationToken) ?? throw Malformed(null);

    public async Task<ApiClinic> GetClinicAsync(CancellationToken cancellationToken) =>
        await FindAsync("api/v1/clinic", PracticeApiJsonContext.Default.ApiClinic, cancellationToken) ?? throw Malformed(null);

    public static DomainException TimedOut(Exception exception) =>
        new(DomainErrorKind.Timeout, "practice.timeout", "The practice's data did not arrive in time.", exception);

    private async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Refused(response.StatusCode);
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw Malformed(null);
        }
        catch (JsonException exception)
        {
            throw Malformed(exception);
        }
        catch (TimeoutException exception)
        {
            throw TimedOut(exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new DomainException(DomainErrorKind.Unavailable, "practice.unavailable", "The practice's data cannot be reached now.", exception);
        }
    }

    private static DomainException Refused(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => new(DomainErrorKind.Unauthorized, "auth.required", "The sign-in has ended."),
        HttpStatusCode.Gone => new(DomainErrorKind.Gone, "session.transcript_expired", "The practice keeps transcripts for a time only; this one was erased."),
        HttpStatusCode.Forbidden => new(DomainErrorKind.Forbidden, "practice.forbidden", "You may not read this data of the practice."),
        HttpStatusCode.TooManyRequests => new(DomainErrorKind.RateLimited, "practice.busy", "The practice's data is asked for too often now."),
        >= HttpStatusCode.InternalServerError => new(DomainErrorKind.Unavailable, "practice.unavailable", "The practice's data cannot be read now."),
        _ => new(DomainErrorKind.Upstream, "practice.refused", $"The practice's data was refused with status {(int)status}."),
    };

    private static DomainException Malformed(Exception? exception) =>
        new(DomainErrorKind.Upstream, "practice.malformed", "The practice's data arrived in a form that cannot be read.", exception);
}
