using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

/// <summary>A tool call of the conversation and what came back.</summary>
/// <param name="Result">The wrapper { success, result | error { code, message } }, or the bare result.</param>
/// <param name="ThisRun">True when the call came after the user's last message.</param>
internal sealed record ToolExchange(string Name, JsonElement Arguments, JsonElement Result, bool ThisRun)
{
    public bool Failed => JsonFields.Get(Result, "success") is { ValueKind: JsonValueKind.False };

    public JsonElement Payload => JsonFields.Get(Result, "result") ?? Result;

    public string ErrorMessage =>
        (JsonFields.Get(Result, "error") is { } error ? JsonFields.Text(error, "message", "code") ?? (error.ValueKind == JsonValueKind.String ? error.GetString() : null) : null)
        ?? "no reason was given";

    public string ErrorCode => JsonFields.Get(Result, "error") is { } error ? JsonFields.Text(error, "code") ?? "failed" : "failed";
}
