using System.Text.Json;

namespace AiPlatform.Services.Chat.Transport.Contracts;

/// <summary>
/// Which kinds of value the fields of client frames may have; null counts as absent, unknown fields are passed over. A field of another kind is
/// refused and never taken for absent: a cancel whose run_id cannot be read must not cancel another run.
/// </summary>
internal static class FrameShapes
{
    private static readonly Dictionary<string, Field[]> Frames = new()
    {
        ["chat_message"] =
        [
            new("message", JsonValueKind.String), new("content", JsonValueKind.String), new("profile_id", JsonValueKind.String),
            new("context", JsonValueKind.Object), new("thread_id", JsonValueKind.String), new("message_id", JsonValueKind.String, JsonValueKind.Number),
        ],
        ["request"] =
        [
            .. Both("requestType", "request_type", JsonValueKind.String), .. Both("userInput", "user_input", JsonValueKind.Object),
            .. Both("userSettings", "user_settings", JsonValueKind.Object), .. Both("customerId", "customer_id", JsonValueKind.String, JsonValueKind.Number),
            new("thread_id", JsonValueKind.String),
        ],
        ["cancel"] = [new("run_id", JsonValueKind.String)],
        ["stream_resume"] = [new("run_id", JsonValueKind.String), new("epoch", JsonValueKind.String), new("last_seq", JsonValueKind.Number)],
        ["ack"] = [new("event_id", JsonValueKind.String, JsonValueKind.Number)],
    };

    private static readonly Field[] UserInput = [new("prompt", JsonValueKind.String, JsonValueKind.Array), new("session_id", JsonValueKind.String)];
    private static readonly Field[] UserSettings = [new("text", JsonValueKind.Object)];
    private static readonly Field[] TextSettings = [new("model", JsonValueKind.String)];
    private static readonly Field Token = new("auth_token", JsonValueKind.String);
    private static readonly Field Type = new("type", JsonValueKind.String);

    /// <returns>The name of a field that has the wrong kind; null when there is none.</returns>
    public static string? FindFault(string? type, JsonElement frame) =>
        Fault(frame, [Type, Token])
        ?? (type is not null && Frames.TryGetValue(type, out var fields) ? Fault(frame, fields) : null)
        ?? (type == "request" ? FindRequestFault(frame) : null);

    private static string? FindRequestFault(JsonElement frame)
    {
        var settings = Child(frame, "userSettings") ?? Child(frame, "user_settings");
        return Fault(Child(frame, "userInput") ?? Child(frame, "user_input"), UserInput)
            ?? Fault(settings, UserSettings)
            ?? Fault(settings is { } known ? Child(known, "text") : null, TextSettings);
    }

    private static string? Fault(JsonElement? element, ReadOnlySpan<Field> fields)
    {
        foreach (var field in fields)
        {
            if (element is { } known && Child(known, field.Name) is { } value && !field.Kinds.Contains(value.ValueKind))
            {
                return field.Name;
            }
        }

        return null;
    }

    private static JsonElement? Child(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static Field[] Both(string name, string alias, params JsonValueKind[] kinds) => [new(name, kinds), new(alias, kinds)];

    private sealed record Field(string Name, params JsonValueKind[] Kinds);
}
