using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Documents.Services;

/// <summary>The chat service's OpenAI-compatible gateway, called as any client of that wire would call it.</summary>
internal sealed class ModelGateway(HttpClient http)
{
    /// <summary>One completion. Cancelling ends the call at the gateway too.</summary>
    /// <exception cref="DomainException">Each way of failing has its own code, document.model_... or document.draft_....</exception>
    public async Task<Completion> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions");
        message.Content = JsonContent.Create(request, CompletionJsonContext.Default.CompletionRequest);

        // Transcripts stay out of every cache, and a draft is written anew each time it is asked for.
        message.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true, NoStore = true };
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw await RefusedAsync(response, cancellationToken);
            }

            var completion = await response.Content.ReadFromJsonAsync(CompletionJsonContext.Default.CompletionResponse, cancellationToken);
            return Read(completion);
        }
        catch (JsonException exception)
        {
            throw new DomainException(DomainErrorKind.Upstream, "document.model_malformed", "The model's reply is no chat completion.", exception);
        }
        catch (TimeoutException exception)
        {
            throw TimedOut(exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new DomainException(DomainErrorKind.Unavailable, "document.model_unavailable", "The model cannot be reached now.", exception);
        }
    }

    public static DomainException TimedOut(Exception? exception) =>
        new(DomainErrorKind.Timeout, "document.model_timeout", "The model did not answer in time. Nothing was stored.", exception);

    private static Completion Read(CompletionResponse? completion)
    {
        var choice = completion?.Choices is [var first, ..] ? first : null;
        if (choice?.FinishReason == "content_filter" || !string.IsNullOrEmpty(choice?.Message?.Refusal))
        {
            throw new DomainException(
                DomainErrorKind.Unprocessable, "document.model_refused", "The model declined to write about this content. Nothing was stored.");
        }

        if (choice?.FinishReason == "length")
        {
            throw new DomainException(
                DomainErrorKind.Upstream, "document.draft_truncated", "The model stopped at its length limit. Nothing was stored; try fewer sessions or sections.");
        }

        return string.IsNullOrWhiteSpace(choice?.Message?.Content)
            ? throw new DomainException(DomainErrorKind.Upstream, "document.draft_empty", "The model's reply was empty. Nothing was stored.")
            : new(choice.Message.Content, completion!.Model ?? "unknown");
    }

    private static async Task<DomainException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = await ReadErrorCodeAsync(response, cancellationToken);
        return (response.StatusCode, code) switch
        {
            (HttpStatusCode.Unauthorized, _) => new(DomainErrorKind.Unauthorized, "auth.required", "The sign-in has ended."),
            (HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout, _) => TimedOut(null),
            (HttpStatusCode.TooManyRequests, _) => new(DomainErrorKind.RateLimited, "document.model_busy", "The model is over its limit now; try again later."),
            (_, "content_filter" or "content_policy_violation") => new(
                DomainErrorKind.Unprocessable, "document.model_refused", "The model declined to write about this content. Nothing was stored."),
            (_, "context_length_exceeded") or (HttpStatusCode.RequestEntityTooLarge, _) => new(
                DomainErrorKind.Unprocessable, "document.too_long_for_model", "The transcript is too long for the model. Nothing was stored."),
            ( >= HttpStatusCode.InternalServerError, _) => new(
                DomainErrorKind.Unavailable, "document.model_unavailable", "The model is not available now. Nothing was stored."),
            _ => new(DomainErrorKind.Upstream, "document.model_rejected", $"The model gateway rejected the request with status {(int)response.StatusCode}."),
        };
    }

    // {"error":{"message":"...","type":"invalid_request_error","code":"context_length_exceeded"}}
    private static async Task<string?> ReadErrorCodeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var failure = await response.Content.ReadFromJsonAsync(CompletionJsonContext.Default.CompletionFailure, cancellationToken);
            return failure?.Error?.Code;
        }
        catch (JsonException)
        {
            // A proxy's page instead of the envelope: the status says enough.
            return null;
        }
    }
}

/// <param name="Model">The model that answered, as the reply names it.</param>
internal sealed record Completion(string Content, string Model);
