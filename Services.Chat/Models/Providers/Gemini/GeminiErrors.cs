using System.Globalization;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

internal static class GeminiErrors
{
    // {"error":{"code":429,"message":"...","status":"RESOURCE_EXHAUSTED","details":[
    //   {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17s"}]}}
    public static Refusal Read(JsonElement body)
    {
        // Streams that fail at once answer with a list of one.
        var error = (body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().FirstOrDefault() : body).Object("error") ?? default;
        var wait = error.Items("details").Select(detail => detail.Text("retryDelay")).OfType<string>().Select(Delay).FirstOrDefault(delay => delay is not null);
        return new(IsTooLong(error) ? "context_length_exceeded" : null, wait);
    }

    /// <summary>A failure told in the stream, after a status of 200.</summary>
    public static Exception Of(JsonElement chunk)
    {
        var status = chunk.Object("error")?.Number("code") ?? 0;
        var refusal = Read(chunk);
        return ProviderErrors.Of(status is >= 400 and < 600 ? (int)status : 500, refusal.Code, refusal.RetryAfter);
    }

    // There is no code for it: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
    private static bool IsTooLong(JsonElement error) =>
        error.Text("status") == "INVALID_ARGUMENT" && error.Text("message")?.Contains("exceeds the maximum number of tokens", StringComparison.Ordinal) is true;

    // "17s", "0.5s"
    private static TimeSpan? Delay(string text) =>
        text.EndsWith('s') && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
