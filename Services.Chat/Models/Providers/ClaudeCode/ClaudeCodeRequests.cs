using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.ClaudeCode;

/// <summary>
/// From messages and options to a query: the conversation as the program reads it from its input, the system prompt beside it, and one turn, since the rounds of
/// an agent are ours. Of the settings it takes none but the model; a bound on the shape of the answer would change it, so that is refused.
/// </summary>
internal static class ClaudeCodeRequests
{
    public static JsonObject Of(string model, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.ResponseFormat is ChatResponseFormatJson)
        {
            throw ProviderErrors.Untaken("a format of its answer");
        }

        var body = new JsonObject { ["model"] = model, ["stream"] = true, ["max_turns"] = 1 };
        string[] system = [.. messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text).Prepend(options?.Instructions ?? "").Where(text => text.Length > 0)];

        if (system.Length > 0)
        {
            body["system_prompt"] = string.Join("\n\n", system);
        }

        body["messages"] = new JsonArray([.. Turns.Merge(messages.Where(message => message.Role != ChatRole.System), toolsAreUser: true).Select(ToMessage).OfType<JsonNode>()]);

        if (options?.ToolMode is not NoneChatToolMode && (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(ToTool).ToArray() is { Length: > 0 } tools)
        {
            body["tools"] = new JsonArray(tools);
        }

        return body;
    }

    // {"type":"user","message":{"role":"user","content":[{"type":"text","text":"Hi"}]}}
    private static JsonObject? ToMessage(ChatMessage message)
    {
        var role = message.Role == ChatRole.Assistant ? "assistant" : "user";
        JsonArray content = [.. message.Contents.Select(content => (JsonNode?)ToBlock(content, isUser: role == "user")).OfType<JsonNode>()];
        return content.Count == 0 ? null : new() { ["type"] = role, ["message"] = new JsonObject { ["role"] = role, ["content"] = content } };
    }

    // Thoughts stay behind: the program signs its own, and takes no others.
    private static JsonObject? ToBlock(AIContent content, bool isUser) => content switch
    {
        TextContent { Text.Length: > 0 } text => new() { ["type"] = "text", ["text"] = text.Text },
        TextContent or TextReasoningContent => null,
        FunctionCallContent call => new()
        {
            ["type"] = "tool_use", ["id"] = call.CallId, ["name"] = call.Name, ["input"] = WireValues.ToNode(call.Arguments) ?? new JsonObject(),
        },
        FunctionResultContent result => new() { ["type"] = "tool_result", ["tool_use_id"] = result.CallId, ["content"] = WireValues.ToText(result.Result) },
        DataContent data when isUser && data.HasTopLevelMediaType("image") => new()
        {
            ["type"] = "image",
            ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = data.MediaType, ["data"] = data.Base64Data.ToString() },
        },
        _ => isUser ? throw ProviderErrors.Untaken(content is DataContent other ? other.MediaType : content.GetType().Name) : null,
    };

    private static JsonNode ToTool(AIFunctionDeclaration function) => new JsonObject
    {
        ["name"] = function.Name, ["description"] = function.Description, ["input_schema"] = function.JsonSchema.ToNode(),
    };
}
