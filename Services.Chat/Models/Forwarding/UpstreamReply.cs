using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>An endpoint's answer: status and headers are here, the body is still on its way.</summary>
internal sealed class UpstreamReply(HttpResponseMessage response, TimeProvider timeProvider) : IDisposable
{
    // An error envelope has a few hundred bytes. What is longer is a page, and nobody's to read.
    private const int MaxRefusal = 64 * 1024;

    public int Status => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    // Of a reply whose body is still on its way this waits for nothing.
    public Stream Body { get; } = response.Content.ReadAsStream();

    public long? Length => long.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    public string? RequestId => First(response.Headers.NonValidated, "x-request-id");

    public bool IsEventStream => IsMedia("text/event-stream");

    public bool IsJson => IsMedia("application/json") || MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its words are about the request, so they are the caller's to read. Its view of our key, our address or its own faults is not.</summary>
    public bool IsForCaller => Status is 400 or 413 or 422 or 429;

    public TimeSpan? RetryAfter => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - timeProvider.GetUtcNow() is { Ticks: > 0 } wait => wait,
        _ => null,
    };

    // application/json; charset=utf-8
    private ReadOnlySpan<char> MediaType
    {
        get
        {
            var type = Header("Content-Type").AsSpan();
            return (type.IndexOf(';') is var end and >= 0 ? type[..end] : type).Trim();
        }
    }

    public async Task<UpstreamRefusal> ReadRefusalAsync(CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer(4096);

        while (buffer.Length <= MaxRefusal && await Body.ReadAsync(buffer.GetMemory(1024), cancellationToken) is var count and > 0)
        {
            buffer.Advance(count);
        }

        return new(Status, buffer.Length > MaxRefusal ? [] : buffer.Written.ToArray(), RetryAfter, RequestId);
    }

    public void Dispose() => response.Dispose();

    private string? Header(string name) => First(response.Content.Headers.NonValidated, name);

    private static string? First(HttpHeadersNonValidated headers, string name)
    {
        if (headers.TryGetValues(name, out var values))
        {
            foreach (var value in values)
            {
                return value;
            }
        }

        return null;
    }

    private bool IsMedia(string type) => MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
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
