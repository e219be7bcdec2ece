using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models;

/// <summary>What model servers answer when they fail, in our codes. Their own words stay behind: they may repeat a prompt or a part of a key.</summary>
internal static class ProviderErrors
{
    /// <returns>Null for what is no failure of the provider: the caller's cancellation, a bug, one of ours already.</returns>
    public static DomainException? Translate(Exception exception, CancellationToken caller) => exception switch
    {
        OperationCanceledException when caller.IsCancellationRequested => null,
        OperationCanceledException or TimeoutException => TimedOut(exception),
        HttpRequestException or IOException => Unreachable(exception),
        JsonException => Unreadable(),
        _ => null,
    };

    /// <param name="retryAfter">What the server says about when to come back.</param>
    public static DomainException Of(int status, string? code, TimeSpan? retryAfter = null) => (status, code) switch
    {
        (_, "context_length_exceeded" or "string_above_max_length") or (413, _) => new(
            DomainErrorKind.Unprocessable, "provider.context_too_long", "The conversation is too long for the model."),
        (_, "content_filter" or "content_policy_violation") => Filtered(),
        (429, _) => new(DomainErrorKind.RateLimited, "provider.rate_limited", "The model's provider is over its limit now; try again later.") { RetryAfter = retryAfter },
        (503 or 529, _) => new(DomainErrorKind.Unavailable, "provider.overloaded", "The model's provider is overloaded now; try again later.") { RetryAfter = retryAfter },
        (408, _) => new(DomainErrorKind.Timeout, "provider.request_timeout", "The model's provider gave up waiting for the request."),
        (504, _) => TimedOut(null),
        (400 or 422, _) => new(DomainErrorKind.Invalid, "provider.request_refused", "The model's provider does not take this request."),
        ( >= 401 and < 500, _) => new(DomainErrorKind.Upstream, "provider.refused", $"The model's provider refused us with status {status}."),
        _ => new(DomainErrorKind.Upstream, "provider.error", $"The model's provider answered with status {status}.") { RetryAfter = retryAfter },
    };

    public static DomainException Filtered() =>
        new(DomainErrorKind.Unprocessable, "provider.content_filtered", "The model's provider declined this content.");

    public static DomainException TimedOut(Exception? inner) =>
        new(DomainErrorKind.Timeout, "provider.timeout", "The model's provider did not answer in time.", inner);

    public static DomainException BrokenStream(Exception? inner) =>
        new(DomainErrorKind.Upstream, "provider.stream_broken", "The model's reply broke off before its end.", inner);

    /// <summary>Without the exception that found it: it quotes the reply.</summary>
    public static DomainException Unreadable() =>
        new(DomainErrorKind.Upstream, "provider.unreadable_reply", "The model's provider sent a reply that cannot be read.");

    public static DomainException Unreachable(Exception? inner) =>
        new(DomainErrorKind.Unavailable, "provider.unreachable", "The model's provider cannot be reached now.", inner);

    /// <param name="kind">What it is, in the caller's words: audio, an image in a system message.</param>
    public static DomainException Untaken(string kind) =>
        new(DomainErrorKind.Invalid, "model.unsupported_content", $"This model does not take {kind}.");
}
