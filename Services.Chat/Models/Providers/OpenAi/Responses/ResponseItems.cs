using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;

/// <summary>From messages to input items: texts, calls, outputs and thoughts each stand by themselves, in order.</summary>
internal static class ResponseItems
{
    /// <summary>The key of a reasoning content's properties that keeps the id its item had.</summary>
    public const string ItemId = "openai.item_id";

    public static JsonArray Of(IReadOnlyList<ChatMessage> messages) =>
        [.. messages.SkipWhile(message => message.Role == ChatRole.System).SelectMany(ToItems)];

    private static IEnumerable<JsonNode> ToItems(ChatMessage message)
    {
        if (message.Role == ChatRole.System)
        {
            yield return new JsonObject { ["role"] = "developer", ["content"] = message.Text };
            yield break;
        }

        var parts = new List<AIContent>();

        foreach (var content in message.Contents)
        {
            if (ToItem(content) is not { } item)
            {
                parts.Add(content);
                continue;
            }

            // What was said before a call stands before it.
            if (ToMessage(message.Role, parts) is { } before)
            {
                yield return before;
            }

            parts = [];
            yield return item;
        }

        if (ToMessage(message.Role, parts) is { } rest)
        {
            yield return rest;
        }
    }

    private static JsonObject? ToItem(AIContent content) => content switch
    {
        FunctionCallContent call => new()
        {
            ["type"] = "function_call",
            ["call_id"] = call.CallId,
            ["name"] = call.Name,
            ["arguments"] = WireValues.ToText(call.Arguments),
        },
        FunctionResultContent result => new()
        {
            ["type"] = "function_call_output",
            ["call_id"] = result.CallId,
            ["output"] = WireValues.ToText(result.Result),
        },
        TextReasoningContent { ProtectedData.Length: > 0 } reasoning when reasoning.AdditionalProperties?.GetValueOrDefault(ItemId) is string id => new()
        {
            ["type"] = "reasoning",
            ["id"] = id,
            ["summary"] = reasoning.Text.Length == 0 ? new JsonArray() : new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = reasoning.Text }),
            ["encrypted_content"] = reasoning.ProtectedData,
        },
        _ => null,
    };

    private static JsonObject? ToMessage(ChatRole role, List<AIContent> contents)
    {
        if (role == ChatRole.Assistant)
        {
            var text = string.Concat(contents.OfType<TextContent>().Select(content => content.Text));
            return text.Length == 0 ? null : new()
            {
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = text }),
            };
        }

        return contents switch
        {
            [] => null,
            [TextContent text] => new() { ["role"] = "user", ["content"] = text.Text },
            _ => new() { ["role"] = "user", ["content"] = new JsonArray([.. contents.Select(ToPart)]) },
        };
    }

    private static JsonNode ToPart(AIContent content) => content switch
    {
        TextContent text => new JsonObject { ["type"] = "input_text", ["text"] = text.Text },
        UriContent image when image.HasTopLevelMediaType("image") => Image(image.Uri.AbsoluteUri, image),
        DataContent image when image.HasTopLevelMediaType("image") => Image(image.Uri, image),
        UriContent file => new JsonObject { ["type"] = "input_file", ["file_url"] = file.Uri.AbsoluteUri },
        DataContent file when !file.HasTopLevelMediaType("audio") =>
            new JsonObject { ["type"] = "input_file", ["filename"] = file.Name ?? "file", ["file_data"] = file.Uri },
        HostedFileContent file => new JsonObject { ["type"] = "input_file", ["file_id"] = file.FileId },
        DataContent audio => throw ProviderErrors.Untaken(audio.MediaType),
        _ => throw ProviderErrors.Untaken(content.GetType().Name),
    };

    private static JsonObject Image(string url, AIContent content)
    {
        var image = new JsonObject { ["type"] = "input_image", ["image_url"] = url };
        image.AddGiven("detail", OpenAiParts.DetailOf(content));
        return image;
    }
}
