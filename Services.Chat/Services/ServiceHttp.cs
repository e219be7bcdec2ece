using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiPlatform.ServiceDefaults.Http;

namespace AiPlatform.Services.Chat.Services;

/// <summary>One request to a neighbour: identity in, value or <see cref="ServiceError"/> out.</summary>
internal static class ServiceHttp
{
    private static readonly ServiceError NoToken = new("unauthorized", "There is no valid sign-in for this request.", false);

    public static async Task<ServiceReply<T>> SendAsync<T>(
        this HttpClient client, HttpRequestMessage request, ServiceCall call, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
        where T : class
    {
        if (string.IsNullOrEmpty(call.Token))
        {
            return NoToken;
        }

        Identify(request, call);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, typeInfo, cancellationToken)
                : await RefusalAsync(response, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Timeout();
        }
        catch (TimeoutException)
        {
            return Timeout();
        }
        catch (HttpRequestException)
        {
            return new ServiceError("upstream_error", "The service cannot be reached at the moment.", true);
        }
    }

    private static void Identify(HttpRequestMessage request, ServiceCall call)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", call.Token);
        request.Headers.TryAddWithoutValidation(Correlation.Header, call.CorrelationId);
        if (call.ProfileId is { } profileId)
        {
            request.Headers.Add("ProfileID", profileId.ToString());
        }

        if (call.IdempotencyKey is { } key)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
    }

    private static async Task<ServiceReply<T>> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, typeInfo, cancellationToken) is { } value ? value : Malformed();
        }
        catch (JsonException)
        {
            return Malformed();
        }
    }

    private static async Task<ServiceError> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new("unauthorized", "The sign-in is no longer valid.", false),
        HttpStatusCode.Forbidden => new("forbidden", "This user may not do that.", false),
        HttpStatusCode.NotFound => new("not_found", "Nothing was found under that id.", false),
        HttpStatusCode.RequestTimeout => Timeout(),
        HttpStatusCode.TooManyRequests => new("rate_limited", "Too many requests at the moment.", true),
        HttpStatusCode.Conflict => Conflict(await ProblemAsync(response, cancellationToken)),
        HttpStatusCode.Gone => Gone(await ProblemAsync(response, cancellationToken)),
        HttpStatusCode.ServiceUnavailable => new("upstream_error", "The service failed to answer.", true),
        >= HttpStatusCode.InternalServerError => new("upstream_error", "The service failed to answer.", true, InDoubt: true),
        _ => new("validation_error", (await ProblemAsync(response, cancellationToken))?.Detail ?? "The service refused the request.", false),
    };

    // Our own idempotency key at work: the first request with it is still being carried out, or was a different one.
    private static ServiceError Conflict(ServiceProblem? problem)
    {
        var message = problem?.Detail ?? "The request conflicts with an earlier one.";
        return new("conflict", message, Retryable: problem?.Code is "idempotency.in_progress", InDoubt: problem?.Code is "idempotency.key_reused");
    }

    // What was there and will not come back; the neighbour's own code says what it was, as session.transcript_expired does.
    private static ServiceError Gone(ServiceProblem? problem) =>
        new(problem?.Code ?? "gone", problem?.Detail ?? "What this needs is no longer there.", false);

    // The detail of our own services' problem+json says in words what was wrong with the input: {"detail":"...","code":"template.empty"}.
    private static async Task<ServiceProblem?> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            return null;
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, ServiceJsonContext.Default.ServiceProblem, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ServiceError Timeout() => new("timeout", "The service did not answer in time.", true);

    private static ServiceError Malformed() => new("malformed_response", "The service gave an answer that cannot be read.", false, InDoubt: true);
}
