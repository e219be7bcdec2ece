using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;

/// <summary>From messages and options to the body of POST /responses.</summary>
internal static class ResponseRequests
{
    public static JsonObject Of(string model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelTraits traits)
    {
        var body = new JsonObject { ["model"] = model, ["input"] = ResponseItems.Of(messages), ["store"] = false };
        body.AddGiven("instructions", Instructions(messages, options));

        if (traits.Reasons)
        {
            // Without this a model that reasons forgets between two tool calls what it had thought.
            body["include"] = new JsonArray("reasoning.encrypted_content");
        }

        if (options is not null)
        {
            AddOptions(body, options, traits);
        }

        return body;
    }

    private static string? Instructions(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var texts = messages.TakeWhile(message => message.Role == ChatRole.System).Select(message => message.Text);
        return string.Join("\n\n", texts.Prepend(options?.Instructions).Where(text => !string.IsNullOrEmpty(text))) is { Length: > 0 } all ? all : null;
    }

    // Stop sequences, penalties and a seed are not among this wire's parameters.
    private static void AddOptions(JsonObject body, ChatOptions options, ModelTraits traits)
    {
        body.AddGiven("max_output_tokens", options.MaxOutputTokens);
        body.AddGiven("text", ToFormat(options));

        if (traits.Reasons)
        {
            body.AddGiven("reasoning", ToReasoning(options.Reasoning));
        }
        else
        {
            body.AddGiven("temperature", options.Temperature);
            body.AddGiven("top_p", options.TopP);
        }

        JsonArray tools = [.. (options.Tools ?? []).Select(ToTool).OfType<JsonNode>()];

        if (tools.Count > 0)
        {
            body["tools"] = tools;
            body.AddGiven("tool_choice", ToChoice(options.ToolMode));
            body.AddGiven("parallel_tool_calls", options.AllowMultipleToolCalls);
        }
    }

    private static JsonNode? ToTool(AITool tool) => tool switch
    {
        AIFunctionDeclaration function => new JsonObject
        {
            ["type"] = "function",
            ["name"] = function.Name,
            ["description"] = function.Description,
            ["parameters"] = function.JsonSchema.ToNode(),
            ["strict"] = function.IsStrict(),
        },
        HostedWebSearchTool => new JsonObject { ["type"] = "web_search" },
        HostedCodeInterpreterTool => new JsonObject { ["type"] = "code_interpreter", ["container"] = new JsonObject { ["type"] = "auto" } },
        _ => null,
    };

    private static JsonNode? ToChoice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => "none",
        AutoChatToolMode => "auto",
        RequiredChatToolMode { RequiredFunctionName: { } name } => new JsonObject { ["type"] = "function", ["name"] = name },
        RequiredChatToolMode => "required",
        _ => null,
    };

    private static JsonObject? ToReasoning(ReasoningOptions? reasoning)
    {
        if (reasoning is null)
        {
            return null;
        }

        var sent = new JsonObject();
        sent.AddGiven("effort", OpenAiOptions.EffortOf(reasoning.Effort));
        sent.AddGiven("summary", reasoning.Output switch
        {
            ReasoningOutput.None => null,
            ReasoningOutput.Full => "detailed",
            _ => "auto",
        });
        return sent;
    }

    // {"text":{"format":{"type":"json_schema","name":"reply","schema":{...},"strict":true}}}
    private static JsonObject? ToFormat(ChatOptions options)
    {
        var sent = options.ResponseFormat switch
        {
            ChatResponseFormatText => new JsonObject { ["type"] = "text" },
            ChatResponseFormatJson { Schema: { } schema } json => OpenAiOptions.ToSchema(json, schema, options.HasStrictFormat()),
            ChatResponseFormatJson => new JsonObject { ["type"] = "json_object" },
            _ => null,
        };

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: not null })
        {
            sent!.Insert(0, "type", "json_schema");
        }

        return sent is null ? null : new() { ["format"] = sent };
    }
}
