using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>From Microsoft.Extensions.AI's messages to OpenAI's.</summary>
internal static class OpenAiMessages
{
    public static JsonArray Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options, Vendor vendor)
    {
        var sent = vendor.Alternates() ? Turns.Merge(messages) : [.. messages];

        if (!string.IsNullOrEmpty(options?.Instructions))
        {
            sent.Insert(0, new(ChatRole.System, options.Instructions));
        }

        var current = vendor.WantsReasoningBack() ? Habits.LastUser(sent) : int.MaxValue;
        return [.. sent.SelectMany((message, place) => ToMessages(message, withReasoning: place > current))];
    }

    private static IEnumerable<JsonNode> ToMessages(ChatMessage message, bool withReasoning)
    {
        if (message.Role == ChatRole.System)
        {
            yield return new JsonObject { ["role"] = "system", ["content"] = message.Text };
        }
        else if (message.Role == ChatRole.Assistant)
        {
            yield return ToAssistant(message, withReasoning);
        }
        else if (message.Role == ChatRole.Tool)
        {
            // One message here may answer several calls; there each call has its own.
            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                yield return new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = WireValues.ToText(result.Result) };
            }
        }
        else
        {
            yield return ToUser(message);
        }
    }

    private static JsonObject ToUser(ChatMessage message)
    {
        var user = new JsonObject { ["role"] = "user", ["content"] = OpenAiParts.Of(message.Contents) };

        if (!string.IsNullOrEmpty(message.AuthorName))
        {
            user["name"] = message.AuthorName;
        }

        return user;
    }

    private static JsonObject ToAssistant(ChatMessage message, bool withReasoning)
    {
        JsonArray calls = [.. message.Contents.OfType<FunctionCallContent>().Select(ToCall)];
        var assistant = new JsonObject { ["role"] = "assistant", ["content"] = message.Text.Length > 0 || calls.Count == 0 ? message.Text : null };

        // {"role":"assistant","content":null,"reasoning_content":"...","tool_calls":[...]}
        if (withReasoning && calls.Count > 0
            && string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text)) is { Length: > 0 } reasoning)
        {
            assistant["reasoning_content"] = reasoning;
        }

        if (calls.Count > 0)
        {
            assistant["tool_calls"] = calls;
        }

        return assistant;
    }

    private static JsonNode ToCall(FunctionCallContent call) => new JsonObject
    {
        ["id"] = call.CallId,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = WireValues.ToText(call.Arguments) },
    };
}
