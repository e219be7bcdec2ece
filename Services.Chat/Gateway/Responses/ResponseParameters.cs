using System.Text.Json;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Models.Providers.OpenAi;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>From the parameters of a response to Microsoft.Extensions.AI's options.</summary>
internal static class ResponseParameters
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static ChatOptions Of(ResponseRequest request)
    {
        Refuse(request);
        List<AITool> tools = request.Tools switch
        {
            null or { ValueKind: JsonValueKind.Null } => [],
            { ValueKind: JsonValueKind.Array } given => [.. given.EnumerateArray().Select(ToTool)],
            _ => throw InvalidRequest.Value("tools", "tools is a list."),
        };

        return new()
        {
            Instructions = request.Instructions,
            Tools = tools.Count > 0 ? tools : null,
            ToolMode = ToMode(request.ToolChoice, tools),
            AllowMultipleToolCalls = request.ParallelToolCalls,
            ResponseFormat = ToFormat(request.Text?.Format),
            AdditionalProperties = request.Text?.Format is { } format ? Strictness.WithFormat(format.Flag("strict")) : null,
            Temperature = request.Temperature,
            TopP = request.TopP,
            MaxOutputTokens = request.MaxOutputTokens,
            Reasoning = Efforts.Of(request.Reasoning?.Effort, "reasoning.effort", request.Reasoning?.Summary == "detailed" ? ReasoningOutput.Full : ReasoningOutput.Summary),
        };
    }

    private static void Refuse(ResponseRequest request)
    {
        if (request.Conversation is { ValueKind: not JsonValueKind.Null })
        {
            throw InvalidRequest.Unsupported("conversation", "Conversations are not kept here; continue with previous_response_id.");
        }

        if (request.Prompt is { ValueKind: not JsonValueKind.Null })
        {
            throw InvalidRequest.Unsupported("prompt", "Prompts are not kept here.");
        }

        if (request.TopLogprobs > 0)
        {
            throw InvalidRequest.Unsupported("top_logprobs", "This model does not tell the probabilities of its tokens.");
        }

        if (request is { Background: true, Stream: true })
        {
            throw InvalidRequest.Unsupported("background", "A response in the background is not streamed; read it when it is done.");
        }

        if (request is { Background: true, Store: false })
        {
            throw InvalidRequest.Value("background", "A response in the background has to be stored.");
        }

        InvalidRequest.Range("temperature", request.Temperature, 0, 2);
        InvalidRequest.Range("top_p", request.TopP, 0, 1);
        InvalidRequest.AtLeastOne("max_output_tokens", request.MaxOutputTokens);
    }

    private static AITool ToTool(JsonElement tool, int index) => tool.Text("type") switch
    {
        "function" when tool.Text("name") is { Length: > 0 } name =>
            Strictness.Declare(name, tool.Text("description") ?? "", Parameters(tool, $"tools[{index}].parameters"), tool.Flag("strict")),
        "web_search" or "web_search_preview" => new HostedWebSearchTool(),
        "code_interpreter" => new HostedCodeInterpreterTool(),
        "function" => throw InvalidRequest.Value($"tools[{index}].name", "A function has a name."),
        var type => throw InvalidRequest.Unsupported($"tools[{index}].type", $"This model does not use tools of type '{type}'."),
    };

    private static JsonElement Parameters(JsonElement tool, string param) => tool.Member("parameters") switch
    {
        null => NoParameters,
        { ValueKind: JsonValueKind.Object } schema => schema,
        _ => throw InvalidRequest.Value(param, "parameters is a JSON schema of an object."),
    };

    private static ChatToolMode? ToMode(JsonElement? choice, List<AITool> tools) => choice switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("auto") => ChatToolMode.Auto,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("none") => ChatToolMode.None,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("required") && tools.Count > 0 => ChatToolMode.RequireAny,
        { } named when named.Text("type") == "function" && named.Text("name") is { } name && tools.Any(tool => tool.Name == name) => ChatToolMode.RequireSpecific(name),
        _ => throw InvalidRequest.Value("tool_choice", "tool_choice is auto, none, required or one of the functions."),
    };

    private static ChatResponseFormat? ToFormat(JsonElement? format) => format switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { } text when text.Text("type") == "text" => ChatResponseFormat.Text,
        { } json when json.Text("type") == "json_object" => ChatResponseFormat.Json,
        { } named when named.Text("type") == "json_schema" && named.Object("schema") is { } schema =>
            ChatResponseFormat.ForJsonSchema(schema, named.Text("name"), named.Text("description")),
        _ => throw InvalidRequest.Value("text.format", "text.format is text, json_object or json_schema with a schema."),
    };
}
