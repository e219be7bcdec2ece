using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>From OpenAI's messages to Microsoft.Extensions.AI's.</summary>
internal static class CompletionMessages
{
    /// <exception cref="DomainException">The request does not have the shape of a chat completion.</exception>
    public static CompletionRequest Read(RequestBody body)
    {
        TranslatedBody.Ensure(body.Bytes.Span);

        try
        {
            return JsonSerializer.Deserialize(body.Bytes.Span, CompletionJsonContext.Default.CompletionRequest)!;
        }
        catch (JsonException exception)
        {
            throw InvalidRequest.Value(
                exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", $"The request does not have the shape of a chat completion at {exception.Path}.");
        }
    }

    public static List<ChatMessage> Of(CompletionRequest request) => request.Messages is not { Count: > 0 } messages
        ? throw InvalidRequest.Value("messages", "messages must have at least one message.")
        : [.. messages.Select(ToMessage)];

    // [null] is a list of messages to a reader of JSON.
    private static ChatMessage ToMessage(CompletionMessage? message, int index) => message?.Role switch
    {
        null => throw InvalidRequest.Value($"messages[{index}]", "A message is an object with a role."),
        "system" or "developer" => new(ChatRole.System, Contents(message, index)),
        "user" => new(ChatRole.User, Contents(message, index)) { AuthorName = message.Name },
        "assistant" => new(ChatRole.Assistant, [.. Contents(message, index), .. (message.ToolCalls ?? []).Select((call, place) => ToCall(call, $"messages[{index}].tool_calls[{place}]"))]),
        "tool" => new(ChatRole.Tool, [new FunctionResultContent(
            message.ToolCallId ?? throw InvalidRequest.Value($"messages[{index}].tool_call_id", "A tool message names the call it answers."),
            string.Concat(Contents(message, index).OfType<TextContent>().Select(text => text.Text)))]),
        _ => throw InvalidRequest.Value($"messages[{index}].role", $"There is no role '{message.Role}'."),
    };

    private static List<AIContent> Contents(CompletionMessage message, int index) => message.Content switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.String } text => [new TextContent(text.GetString())],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select((part, place) => ToContent(part, $"messages[{index}].content[{place}]"))],
        _ => throw InvalidRequest.Value($"messages[{index}].content", "content is a text or a list of parts."),
    };

    private static AIContent ToContent(JsonElement part, string param) => part.Text("type") switch
    {
        "text" when part.Text("text") is { } text => new TextContent(text),
        "refusal" when part.Text("refusal") is { } refusal => new TextContent(refusal),
        "image_url" when part.Object("image_url") is { } image => Attachments.Image(image.Text("url"), image.Text("detail"), $"{param}.image_url.url"),
        "input_audio" when part.Object("input_audio") is { } audio => Attachments.Audio(audio, $"{param}.input_audio"),
        "file" when part.Object("file") is { } file => Attachments.File(file, $"{param}.file"),
        _ => throw InvalidRequest.Value(param, "A part of the content is of a kind that this model does not read."),
    };

    private static FunctionCallContent ToCall(CompletionToolCall? call, string param)
    {
        if (call is not { Id: { } id, Function: { Name.Length: > 0 } function })
        {
            throw InvalidRequest.Value(param, "A call has an id and a function with a name.");
        }

        return GivenCalls.Of(id, function.Name, function.Arguments, call.ExtraContent, $"{param}.function.arguments");
    }
}
