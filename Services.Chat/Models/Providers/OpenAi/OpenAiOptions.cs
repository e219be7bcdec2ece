using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

internal static class OpenAiOptions
{
    /// <summary>Everything that was asked for; what the endpoint refuses is taken out after that.</summary>
    public static JsonObject Of(ChatOptions? options, ModelTraits traits)
    {
        var sent = new JsonObject();

        if (options is null)
        {
            return sent;
        }

        sent.AddGiven("temperature", options.Temperature);
        sent.AddGiven("top_p", options.TopP);
        sent.AddGiven("frequency_penalty", options.FrequencyPenalty);
        sent.AddGiven("presence_penalty", options.PresencePenalty);
        sent.AddGiven("seed", options.Seed);
        sent.AddGiven("max_tokens", options.MaxOutputTokens);
        sent.AddGiven("reasoning_effort", traits.Reasons ? EffortOf(options.Reasoning?.Effort) : null);
        sent.AddGiven("response_format", ToFormat(options));

        if (options.StopSequences is { Count: > 0 } stops)
        {
            sent["stop"] = new JsonArray([.. stops.Select(stop => JsonValue.Create(stop))]);
        }

        JsonArray tools = [.. (options.Tools ?? []).OfType<AIFunctionDeclaration>().Select(ToTool)];

        // Servers refuse a choice among tools when there are none.
        if (tools.Count > 0)
        {
            sent["tools"] = tools;
            sent.AddGiven("tool_choice", ToChoice(options.ToolMode));
            sent.AddGiven("parallel_tool_calls", options.AllowMultipleToolCalls);
        }

        return sent;
    }

    public static string? EffortOf(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    private static JsonNode ToTool(AIFunctionDeclaration tool)
    {
        var function = new JsonObject { ["name"] = tool.Name, ["description"] = tool.Description, ["parameters"] = tool.JsonSchema.ToNode() };
        function.AddGiven("strict", tool.IsStrict() ? true : null);
        return new JsonObject { ["type"] = "function", ["function"] = function };
    }

    private static JsonNode? ToChoice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => "none",
        AutoChatToolMode => "auto",
        RequiredChatToolMode { RequiredFunctionName: { } name } =>
            new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } },
        RequiredChatToolMode => "required",
        _ => null,
    };

    private static JsonObject? ToFormat(ChatOptions options) => options.ResponseFormat switch
    {
        ChatResponseFormatText => new() { ["type"] = "text" },
        ChatResponseFormatJson { Schema: { } schema } json => new() { ["type"] = "json_schema", ["json_schema"] = ToSchema(json, schema, options.HasStrictFormat()) },
        ChatResponseFormatJson => new() { ["type"] = "json_object" },
        _ => null,
    };

    public static JsonObject ToSchema(ChatResponseFormatJson format, JsonElement schema, bool strict)
    {
        var sent = new JsonObject { ["name"] = format.SchemaName ?? "reply" };
        sent.AddGiven("description", format.SchemaDescription);
        sent["schema"] = schema.ToNode();
        sent["strict"] = strict;
        return sent;
    }
}
