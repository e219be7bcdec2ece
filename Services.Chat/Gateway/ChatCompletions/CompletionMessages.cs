using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>From OpenAI's request to Microsoft.Extensions.AI's messages and options.</summary>
internal static class CompletionMessages
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <exception cref="DomainException">The request does not have the shape of a chat completion.</exception>
    public static CompletionRequest Read(RequestBody body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Bytes.Span, CompletionJsonContext.Default.CompletionRequest)!;
        }
        catch (JsonException exception)
        {
            throw RequestBody.Invalid(exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", $"The request does not have the shape of a chat completion at {exception.Path}.");
        }
    }

    public static List<ChatMessage> Messages(CompletionRequest request) => request.Messages is not { Count: > 0 } messages
        ? throw RequestBody.Invalid("messages", "messages must have at least one message.")
        : [.. messages.Select(ToMessage)];

    public static ChatOptions Options(CompletionRequest request)
    {
        if (request.N is > 1)
        {
            throw RequestBody.Invalid("n", "This model gives one choice.");
        }

        return new()
        {
            Tools = request.Tools is { Count: > 0 } tools ? [.. tools.Select(ToTool)] : null,
            ToolMode = ToMode(request.ToolChoice),
            AllowMultipleToolCalls = request.ParallelToolCalls,
            ResponseFormat = ToFormat(request.ResponseFormat),
            Temperature = request.Temperature,
            TopP = request.TopP,
            MaxOutputTokens = request.MaxCompletionTokens ?? request.MaxTokens,
            Seed = request.Seed,
        };
    }

    private static ChatMessage ToMessage(CompletionMessage message, int index) => message.Role switch
    {
        "system" or "developer" => new(ChatRole.System, Contents(message, index)),
        "user" => new(ChatRole.User, Contents(message, index)) { AuthorName = message.Name },
        "assistant" => new(ChatRole.Assistant, [.. Contents(message, index), .. (message.ToolCalls ?? []).Select((call, place) => ToCall(call, index, place))]),
        "tool" => new(ChatRole.Tool, [new FunctionResultContent(
            message.ToolCallId ?? throw RequestBody.Invalid($"messages[{index}].tool_call_id", "A tool message names the call it answers."),
            string.Concat(Contents(message, index).OfType<TextContent>().Select(text => text.Text)))]),
        _ => throw RequestBody.Invalid($"messages[{index}].role", $"There is no role '{message.Role}'."),
    };

    private static List<AIContent> Contents(CompletionMessage message, int index) => message.Content switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.String } text => [new TextContent(text.GetString())],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select(part => ToContent(part, index))],
        _ => throw RequestBody.Invalid($"messages[{index}].content", "content is a text or a list of parts."),
    };

    private static AIContent ToContent(JsonElement part, int index)
    {
        if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type))
        {
            if (type.ValueEquals("text") && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            {
                return new TextContent(text.GetString());
            }

            if (type.ValueEquals("image_url") && part.TryGetProperty("image_url", out var image)
                && image.TryGetProperty("url", out var url) && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address))
            {
                return address.Scheme == "data" ? new DataContent(address) : new UriContent(address, "image/*");
            }
        }

        throw RequestBody.Invalid($"messages[{index}].content", "A part of the content is of a kind that this model does not read.");
    }

    private static FunctionCallContent ToCall(CompletionToolCall call, int index, int place)
    {
        try
        {
            return new(call.Id, call.Function.Name, JsonSerializer.Deserialize(call.Function.Arguments, CompletionJsonContext.Default.Arguments));
        }
        catch (JsonException)
        {
            throw RequestBody.Invalid($"messages[{index}].tool_calls[{place}].function.arguments", "arguments is no JSON object.");
        }
    }

    private static AITool ToTool(CompletionTool tool, int index) => tool is { Type: "function", Function: { } function }
        ? AIFunctionFactory.CreateDeclaration(function.Name, function.Description ?? "", function.Parameters ?? NoParameters)
        : throw RequestBody.Invalid($"tools[{index}]", "A tool is of type function and has a function.");

    private static ChatToolMode? ToMode(JsonElement? choice) => choice switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("auto") => ChatToolMode.Auto,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("none") => ChatToolMode.None,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("required") => ChatToolMode.RequireAny,
        { ValueKind: JsonValueKind.Object } named when named.TryGetProperty("function", out var function) && function.TryGetProperty("name", out var name) =>
            ChatToolMode.RequireSpecific(name.GetString()!),
        _ => throw RequestBody.Invalid("tool_choice", "tool_choice is auto, none, required or a function."),
    };

    private static ChatResponseFormat? ToFormat(ResponseFormat? format) => format switch
    {
        null => null,
        { Type: "text" } => ChatResponseFormat.Text,
        { Type: "json_object" } => ChatResponseFormat.Json,
        { Type: "json_schema", JsonSchema: { Schema: { } schema } named } => ChatResponseFormat.ForJsonSchema(schema, named.Name, named.Description),
        _ => throw RequestBody.Invalid("response_format", "response_format is text, json_object or json_schema with a schema."),
    };
}
