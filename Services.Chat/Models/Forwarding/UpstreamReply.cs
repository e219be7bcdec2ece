using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>An endpoint's answer: status and headers are here, the body is still on its way.</summary>
internal sealed class UpstreamReply(HttpResponseMessage response, Stream body, DateTimeOffset now) : IDisposable
{
    // An error envelope has a few hundred bytes. What is longer is a page, and nobody's to read.
    private const int MaxRefusal = 64 * 1024;

    public int Status => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    public Stream Body => body;

    public long? Length => response.Content.Headers.ContentLength;

    public string? RequestId => response.Headers.TryGetValues("x-request-id", out var ids) ? ids.FirstOrDefault() : null;

    public bool IsEventStream => IsMedia("text/event-stream");

    public bool IsJson => IsMedia("application/json") || ContentType?.MediaType?.EndsWith("+json", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Its words are about the request, so they are the caller's to read. Its view of our key, our address or its own faults is not.</summary>
    public bool IsForCaller => Status is 400 or 413 or 422 or 429;

    public TimeSpan? RetryAfter => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > now => date - now,
        _ => null,
    };

    private MediaTypeHeaderValue? ContentType => response.Content.Headers.ContentType;

    public async Task<UpstreamRefusal> ReadRefusalAsync(CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer(4096);

        while (buffer.Length <= MaxRefusal && await body.ReadAsync(buffer.GetMemory(1024), cancellationToken) is var count and > 0)
        {
            buffer.Advance(count);
        }

        return new(Status, buffer.Length > MaxRefusal ? [] : buffer.Written.ToArray(), RetryAfter, RequestId);
    }

    public void Dispose() => response.Dispose();

    private bool IsMedia(string type) => string.Equals(ContentType?.MediaType, type, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An endpoint's own words when it refused.</summary>
internal sealed record UpstreamRefusal(int Status, byte[] Body, TimeSpan? RetryAfter, string? RequestId)
{
    public DomainException ToFailure() => ProviderErrors.Of(Status, Code, RetryAfter);

    /// <summary>Whether it speaks in OpenAI's envelope, as the caller expects.</summary>
    public bool IsEnvelope => Error is not null;

    public string? Code => Error is { } error && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString() : null;

    // {"error":{"message":"...","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}
    private JsonElement? Error
    {
        get
        {
            try
            {
                return JsonElement.Parse(Body) is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                    ? error
                    : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
