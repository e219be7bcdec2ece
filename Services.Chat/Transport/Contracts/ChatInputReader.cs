using System.Text.Json;

namespace AiPlatform.Services.Chat.Transport.Contracts;

/// <summary>Reads what clients send; unknown fields are ignored, both spellings of the outer names are taken.</summary>
internal static class ChatInputReader
{
    // {"type":"chat_message","message":"...","thread_id":"..."}
    public static ChatInputReading ReadMessage(JsonElement frame)
    {
        if (!TryText(frame, "message", out var message) || !TryText(frame, "content", out var content))
        {
            return ConnectionProblem.Invalid("The message must be text.");
        }

        if (!TryThread(frame, out var threadId))
        {
            return ConnectionProblem.Invalid("thread_id is not an id.");
        }

        return string.IsNullOrWhiteSpace(message ?? content)
            ? default(ChatInputReading)
            : new ChatInput((message ?? content)!, threadId, null, null) { ProfileId = Scalar(frame, "profile_id") };
    }

    // {"requestType":"text","userInput":{"prompt":"..."},"userSettings":{"text":{"model":"..."}},"customerId":1}
    public static ChatInputReading ReadRequest(JsonElement frame)
    {
        var kind = Scalar(frame, "requestType") ?? Scalar(frame, "request_type");
        switch (kind)
        {
            case "text":
                break;
            case "audio" or "audio_direct" or "realtime":
                return ConnectionProblem.NotConfigured("stt", "Audio is not configured here.");
            case "image" or "video" or "tts":
                return ConnectionProblem.NotConfigured(kind, $"Requests of type {kind} are not configured here.");
            default:
                return ConnectionProblem.Invalid("requestType is not known.");
        }

        if ((Child(frame, "userInput") ?? Child(frame, "user_input")) is not { ValueKind: JsonValueKind.Object } input)
        {
            return ConnectionProblem.Invalid("userInput is missing.");
        }

        if (ReadPrompt(input, out var prompt) is { } problem)
        {
            return problem;
        }

        if (!TryThread(frame, out var threadId))
        {
            return ConnectionProblem.Invalid("thread_id is not an id.");
        }

        var settings = Child(frame, "userSettings") ?? Child(frame, "user_settings");
        var model = settings is { } known && Child(known, "text") is { } text ? Scalar(text, "model") : null;
        return new ChatInput(prompt, threadId, model, Scalar(input, "session_id") is { Length: > 0 } sessionId ? sessionId : null)
        {
            CustomerId = Scalar(frame, "customerId") ?? Scalar(frame, "customer_id"),
        };
    }

    private static ConnectionProblem? ReadPrompt(JsonElement input, out string prompt)
    {
        prompt = string.Empty;
        var value = Child(input, "prompt");
        if (value is { ValueKind: JsonValueKind.String } text)
        {
            prompt = text.GetString()!;
        }
        else if (value is { ValueKind: JsonValueKind.Array } parts)
        {
            var texts = new List<string>();
            foreach (var part in parts.EnumerateArray())
            {
                if (part.ValueKind == JsonValueKind.String)
                {
                    texts.Add(part.GetString()!);
                }
                else if (part.ValueKind != JsonValueKind.Object || Scalar(part, "type") != "text")
                {
                    return ConnectionProblem.NotConfigured("text", "Only text can be sent here.");
                }
                else if (Scalar(part, "text") is { } line)
                {
                    texts.Add(line);
                }
            }

            prompt = string.Join('\n', texts);
        }

        return string.IsNullOrWhiteSpace(prompt) ? ConnectionProblem.Invalid("The prompt is empty.") : null;
    }

    public static string? Scalar(JsonElement element, string name) => Child(element, name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => null,
    };

    private static JsonElement? Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static bool TryText(JsonElement frame, string name, out string? text)
    {
        text = null;
        switch (Child(frame, name))
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return true;
            case { ValueKind: JsonValueKind.String } value:
                text = value.GetString();
                return true;
            default:
                return false;
        }
    }

    private static bool TryThread(JsonElement frame, out Guid? threadId)
    {
        threadId = null;
        if (Scalar(frame, "thread_id") is not { Length: > 0 } text)
        {
            return true;
        }

        var parsed = Guid.TryParse(text, out var id);
        threadId = id;
        return parsed;
    }
}
