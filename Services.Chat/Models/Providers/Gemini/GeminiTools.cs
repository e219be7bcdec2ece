using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>Functions of the caller, or else Google's own tools: this wire refuses both at once.</summary>
internal static class GeminiTools
{
    public static void Add(JsonObject body, ChatOptions options)
    {
        var tools = (options.Tools ?? []).OfType<AITool>().ToList();
        JsonArray functions = [.. tools.OfType<AIFunctionDeclaration>().Where(tool => tool.Name.Length > 0).Select(ToDeclaration)];

        if (functions.Count > 0)
        {
            body["tools"] = new JsonArray(new JsonObject { ["functionDeclarations"] = functions });

            if (ToMode(options.ToolMode) is { } mode)
            {
                body["toolConfig"] = new JsonObject { ["functionCallingConfig"] = mode };
            }

            return;
        }

        JsonArray native = [.. tools.Select(ToNative).OfType<JsonNode>()];

        if (native.Count > 0)
        {
            body["tools"] = native;
        }
    }

    private static JsonNode ToDeclaration(AIFunctionDeclaration function) => new JsonObject
    {
        ["name"] = function.Name,
        ["description"] = function.Description,
        ["parametersJsonSchema"] = function.JsonSchema.ToNode(),
    };

    private static JsonObject? ToNative(AITool tool) => tool switch
    {
        HostedWebSearchTool => new() { ["googleSearch"] = new JsonObject() },
        HostedCodeInterpreterTool => new() { ["codeExecution"] = new JsonObject() },
        _ => null,
    };

    private static JsonObject? ToMode(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => new() { ["mode"] = "NONE" },
        AutoChatToolMode => new() { ["mode"] = "AUTO" },
        RequiredChatToolMode { RequiredFunctionName: { } name } => new() { ["mode"] = "ANY", ["allowedFunctionNames"] = new JsonArray(name) },
        RequiredChatToolMode => new() { ["mode"] = "ANY" },
        _ => null,
    };
}
