using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>From messages to contents: two sides, "user" and "model", whose consecutive messages are one content.</summary>
internal static class GeminiContents
{
    /// <summary>The key of a call's or thought's properties that keeps the signature its part had; Gemini 3 refuses calls that come back without.</summary>
    public const string Signature = "gemini.thought_signature";

    public static JsonArray Of(IReadOnlyList<ChatMessage> messages, string model)
    {
        // Answers name the function there, not the call.
        var names = messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()
            .DistinctBy(call => call.CallId).ToDictionary(call => call.CallId, call => call.Name, StringComparer.Ordinal);
        var contents = new JsonArray();

        foreach (var message in Turns.Merge(messages.Where(message => message.Role != ChatRole.System), toolsAreUser: true))
        {
            JsonArray parts = message.Role == ChatRole.Assistant
                ? [.. message.Contents.Select(ToModelPart).OfType<JsonNode>()]
                : [.. GeminiAudio.Join(message.Contents).Select(content => (JsonNode)ToUserPart(content, names))];

            if (message.Role == ChatRole.Assistant && GeminiThinking.HasLevels(model))
            {
                SignFirstCall(parts);
            }

            if (parts.Count > 0)
            {
                contents.Add((JsonNode)new JsonObject { ["role"] = message.Role == ChatRole.Assistant ? "model" : "user", ["parts"] = parts });
            }
        }

        return contents;
    }

    // The model's side has words and calls only: files are the user's.
    private static JsonObject? ToModelPart(AIContent content)
    {
        var part = content switch
        {
            TextContent { Text.Length: > 0 } text => new JsonObject { ["text"] = text.Text },
            FunctionCallContent call => new() { ["functionCall"] = new JsonObject { ["name"] = call.Name, ["args"] = WireValues.ToNode(call.Arguments) ?? new JsonObject() } },
            _ => null,
        };
        part?.AddGiven("thoughtSignature", content.AdditionalProperties?.GetValueOrDefault(Signature) as string);
        return part;
    }

    // A call whose signature is lost, because another model made it or a client dropped it, says so in the words Google gives for that.
    private static void SignFirstCall(JsonArray parts)
    {
        if (parts.OfType<JsonObject>().FirstOrDefault(part => part.ContainsKey("functionCall")) is { } call)
        {
            call.TryAdd("thoughtSignature", "skip_thought_signature_validator");
        }
    }

    private static JsonObject ToUserPart(AIContent content, Dictionary<string, string> names) => content switch
    {
        TextContent text => new() { ["text"] = text.Text },
        FunctionResultContent result => new()
        {
            ["functionResponse"] = new JsonObject
            {
                ["name"] = names.GetValueOrDefault(result.CallId) ?? throw ProviderErrors.Untaken("an answer to a call that nobody made"),
                ["response"] = ToAnswer(result.Result),
            },
        },
        DataContent data => new() { ["inlineData"] = new JsonObject { ["mimeType"] = data.MediaType, ["data"] = data.Base64Data.ToString() } },
        UriContent file => new() { ["fileData"] = new JsonObject { ["mimeType"] = MediaTypes.Of(file), ["fileUri"] = file.Uri.AbsoluteUri } },
        _ => throw ProviderErrors.Untaken(content.GetType().Name),
    };

    // An answer is an object there. Text that is one stays one; everything else is put into one.
    private static JsonObject ToAnswer(object? result)
    {
        var node = result is string text ? Parsed(text) : WireValues.ToNode(result);
        return node as JsonObject ?? new JsonObject { ["result"] = node };
    }

    private static JsonNode? Parsed(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return JsonValue.Create(text);
        }

        try
        {
            var json = Encoding.UTF8.GetBytes(text);
            PortableJson.Ensure(json);
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
