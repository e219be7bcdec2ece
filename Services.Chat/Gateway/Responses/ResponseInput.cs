using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>From input items to messages. What one side says in a row, its calls and thoughts included, is one message.</summary>
internal static class ResponseInput
{
    /// <summary>The request's own items, a plain text as the one it stands for.</summary>
    public static JsonArray Items(ResponseRequest request) => request.Input switch
    {
        { ValueKind: JsonValueKind.String } text => [new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = text.GetString() }],
        { ValueKind: JsonValueKind.Array } items => items.ToNode()!.AsArray(),
        _ => throw InvalidRequest.Value("input", "input is a text or a list of items."),
    };

    /// <param name="before">How many of the items stood in earlier responses: faults in them are not this request's.</param>
    public static List<ChatMessage> Messages(JsonArray items, int before)
    {
        if (items.Count == 0)
        {
            throw InvalidRequest.Value("input", "input must have at least one item.");
        }

        var messages = new List<ChatMessage>();

        foreach (var (item, index) in items.Select((item, index) => (Element(item), index)))
        {
            if (ToMessage(item, $"input[{index - before}]") is not { } message)
            {
                continue;
            }

            if (message.Role == ChatRole.Assistant && messages is [.., var last] && last.Role == ChatRole.Assistant)
            {
                foreach (var content in message.Contents)
                {
                    last.Contents.Add(content);
                }
            }
            else
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    private static JsonElement Element(JsonNode? item) => item is null ? default : JsonElement.Parse(item.ToJsonString());

    private static ChatMessage? ToMessage(JsonElement item, string param) => (item.Text("type") ?? (item.Text("role") is null ? null : "message")) switch
    {
        "message" => ToMessage(item.Text("role"), item, param),
        "function_call" => new(ChatRole.Assistant, [ToCall(item, param)]),
        "function_call_output" => new(ChatRole.Tool, [new FunctionResultContent(
            item.Text("call_id") ?? throw InvalidRequest.Value($"{param}.call_id", "An output names the call it answers."), Output(item, $"{param}.output"))]),
        "reasoning" => ThoughtSeal.Open(item) is { } thought ? new(ChatRole.Assistant, [thought]) : null,

        // What the provider's own tools did is in the text that came of it.
        "web_search_call" or "code_interpreter_call" or "file_search_call" => null,
        var type => throw InvalidRequest.Value(param, $"This model does not read items of type '{type}'."),
    };

    private static ChatMessage ToMessage(string? role, JsonElement item, string param) => role switch
    {
        "user" => new(ChatRole.User, Contents(item, $"{param}.content")),
        "assistant" => new(ChatRole.Assistant, Contents(item, $"{param}.content")),
        "system" or "developer" => new(ChatRole.System, Contents(item, $"{param}.content")),
        _ => throw InvalidRequest.Value($"{param}.role", $"There is no role '{role}'."),
    };

    private static List<AIContent> Contents(JsonElement item, string param) => item.Member("content") switch
    {
        { ValueKind: JsonValueKind.String } text => [new TextContent(text.GetString())],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select((part, index) => ToContent(part, $"{param}[{index}]"))],
        _ => throw InvalidRequest.Value(param, "content is a text or a list of parts."),
    };

    private static AIContent ToContent(JsonElement part, string param) => part.Text("type") switch
    {
        "input_text" or "output_text" or "text" when part.Text("text") is { } text => new TextContent(text),
        "refusal" when part.Text("refusal") is { } refusal => new TextContent(refusal),
        "input_image" when part.Text("file_id") is { Length: > 0 } id => new HostedFileContent(id) { MediaType = "image/*" },
        "input_image" => Attachments.Image(part.Text("image_url"), part.Text("detail"), $"{param}.image_url"),
        "input_audio" when part.Object("input_audio") is { } audio => Attachments.Audio(audio, $"{param}.input_audio"),
        "input_file" => Attachments.File(part, param),
        _ => throw InvalidRequest.Value(param, "A part of the content is of a kind that this model does not read."),
    };

    private static FunctionCallContent ToCall(JsonElement item, string param)
    {
        if (item.Text("call_id") is not { } id || item.Text("name") is not { Length: > 0 } name)
        {
            throw InvalidRequest.Value(param, "A call has a call_id and a name.");
        }

        return GivenCalls.Of(id, name, item.Text("arguments"), item.Object("extra_content"), $"{param}.arguments");
    }

    private static string Output(JsonElement item, string param) => item.Member("output") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select((part, index) => part.Text("text")
            ?? throw InvalidRequest.Value($"{param}[{index}]", "This model reads outputs of text only."))),
        _ => throw InvalidRequest.Value(param, "output is a text or a list of parts."),
    };
}
