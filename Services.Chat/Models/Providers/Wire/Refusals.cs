using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>What a refusal tells us. The rest of what the server wrote stays unread.</summary>
internal sealed record Refusal(string? Code, TimeSpan? RetryAfter = null);

internal static class Refusals
{
    // An error is a few hundred bytes; a server that sends more than this has no more to say.
    private const int MaxBytes = 64 * 1024;

    /// <param name="read">Finds the code in the server's own envelope.</param>
    public static async Task<DomainException> ReadAsync(HttpResponseMessage response, Func<JsonElement, Refusal> read, CancellationToken cancellationToken)
    {
        var refusal = await ReadBodyAsync(response, cancellationToken) is { } body ? read(body) : new(Code: null);
        return ProviderErrors.Of((int)response.StatusCode, refusal.Code, RetryHint.Of(response.Headers) ?? refusal.RetryAfter);
    }

    // {"error":{"message":"...","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}}
    public static string? OpenAiCode(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) ? error.Text("code") : null;

    private static async Task<JsonElement?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var bytes = new byte[MaxBytes];
            var count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return JsonElement.Parse(bytes.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException)
        {
            // A proxy's page, or a body that broke off: the status says enough.
            return null;
        }
    }
}
