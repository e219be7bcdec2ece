using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>
/// Whether a reply that came to its end is worth answering others with: the model said what it had to say. One that says nothing, was cut
/// at a limit, was filtered, failed, or ended for a reason that we do not know, is not.
/// </summary>
internal static class KeepableReply
{
    public static bool Is(ModelCallKind kind, CachedReply reply)
    {
        try
        {
            return reply.IsStream ? IsStream(kind, reply.Body) : IsWhole(kind, reply.Body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half of an emoji, {"content":"\ud83d"}, is a text to who passes it on, and none to who reads it.
            return false;
        }
    }

    private static bool IsWhole(ModelCallKind kind, ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var json = document.RootElement;
        return json.Member("error") is null && kind switch
        {
            ModelCallKind.Embeddings => json.Items("data").Any(),
            ModelCallKind.Responses => IsResponse(json),
            _ => json.Items("choices").Any() && json.Items("choices").All(choice => HasEnded(choice) && choice.Object("message") is { } message && SaysSomething(message)),
        };
    }

    private static bool IsStream(ModelCallKind kind, ReadOnlyMemory<byte> body)
    {
        var choices = new Dictionary<long, (bool Ended, bool Said)>();
        var (isDone, rest) = (false, body);

        while (EventSplitter.EndOfEvent(rest.Span) is var length and > 0)
        {
            var data = DataOf(rest[..length]);
            rest = rest[length..];

            if (data.Span.SequenceEqual("[DONE]"u8))
            {
                isDone = true;
            }
            else if (!data.IsEmpty)
            {
                using var document = JsonDocument.Parse(data);

                if (document.RootElement.Member("error") is not null)
                {
                    return false;
                }

                // The last event of a response has all of it.
                if (kind == ModelCallKind.Responses)
                {
                    isDone = document.RootElement.Text("type") == "response.completed" && document.RootElement.Object("response") is { } response && IsResponse(response);
                }
                else if (!Take(document.RootElement, choices))
                {
                    return false;
                }
            }
        }

        return isDone && rest.IsEmpty && (kind == ModelCallKind.Responses || (choices.Count > 0 && choices.Values.All(static choice => choice is { Ended: true, Said: true })));
    }

    private static bool Take(JsonElement chunk, Dictionary<long, (bool Ended, bool Said)> choices)
    {
        foreach (var choice in chunk.Items("choices"))
        {
            var index = choice.Number("index") ?? 0;
            var (ended, said) = choices.GetValueOrDefault(index);

            if (choice.Member("finish_reason") is not null && !HasEnded(choice))
            {
                return false;
            }

            choices[index] = (ended || HasEnded(choice), said || (choice.Object("delta") is { } delta && SaysSomething(delta)));
        }

        return true;
    }

    private static bool IsResponse(JsonElement response) =>
        response.Text("status") == "completed" && response.Member("error") is null && response.Member("incomplete_details") is null && response.Items("output").Any();

    private static bool HasEnded(JsonElement choice) => choice.Text("finish_reason") is "stop" or "tool_calls" or "function_call";

    private static bool SaysSomething(JsonElement message) =>
        message.Text("content") is { Length: > 0 } || message.Items("content").Any() || message.Items("tool_calls").Any()
        || message.Object("function_call") is not null || message.Object("audio") is not null;

    private static ReadOnlyMemory<byte> DataOf(ReadOnlyMemory<byte> sent)
    {
        var data = EventSplitter.DataOf(sent.Span);
        return data.IsEmpty || !sent.Span.Overlaps(data, out var offset) ? default : sent.Slice(offset, data.Length);
    }
}
