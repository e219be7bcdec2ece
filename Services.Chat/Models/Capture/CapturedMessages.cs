using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Capture;

/// <summary>
/// Messages as the conventions for generative AI write them: <c>[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]</c>.
/// One attribute holds so many characters and no more: the newest messages, and of a long text its beginning.
/// </summary>
internal sealed class CapturedMessages
{
    private const int MaxCharacters = 64 * 1024;
    private const int MaxText = 16 * 1024;

    // For the names and braces of a part, so that many short ones do not add up without bound.
    private const int PartCost = 64;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Values = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false, Encoder = Writing.Encoder };

    private int _left = MaxCharacters;

    /// <returns>Null when there are none.</returns>
    public static string? Instructions(string? text) =>
        string.IsNullOrEmpty(text) ? null : $"[{Write(json => new CapturedMessages().WriteText(json, "text", text))}]";

    public static string Sent(IEnumerable<ChatMessage> messages) => new CapturedMessages().Newest(messages, finishReason: null);

    public static string Received(ChatResponse response) => new CapturedMessages().Newest(response.Messages, FinishReason(response.FinishReason));

    private string Newest(IEnumerable<ChatMessage> messages, string? finishReason)
    {
        var written = messages.Reverse().TakeWhile(_ => _left > 0).Select(message => Write(json => WriteMessage(json, message, finishReason))).ToList();
        return $"[{string.Join(',', written.AsEnumerable().Reverse())}]";
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private void WriteMessage(Utf8JsonWriter json, ChatMessage message, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        json.WriteStartArray("parts");

        foreach (var content in message.Contents.TakeWhile(_ => _left > 0))
        {
            WritePart(json, content);
        }

        json.WriteEndArray();

        if (finishReason is not null)
        {
            json.WriteString("finish_reason", finishReason);
        }

        json.WriteEndObject();
    }

    private void WritePart(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                WriteText(json, "text", text.Text);
                break;
            case TextReasoningContent reasoning:
                WriteText(json, "reasoning", reasoning.Text);
                break;
            case FunctionCallContent call:
                Begin(json, "tool_call");
                json.WriteString("id", call.CallId);
                json.WriteString("name", call.Name);
                WriteValue(json, "arguments", call.Arguments);
                json.WriteEndObject();
                break;
            case FunctionResultContent result:
                Begin(json, "tool_call_response");
                json.WriteString("id", result.CallId);
                WriteValue(json, "response", result.Result);
                json.WriteEndObject();
                break;
            case DataContent data:
                // That it was there, and no bytes of it.
                Begin(json, "blob");
                json.WriteString("mime_type", data.MediaType);
                json.WriteEndObject();
                break;
        }
    }

    private void WriteText(Utf8JsonWriter json, string type, string text)
    {
        Begin(json, type);
        json.WriteString("content", Cut(text));
        json.WriteEndObject();
    }

    // As JSON when all of it fits, else the beginning as a text.
    private void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        var written = JsonSerializer.Serialize(value, Values.GetTypeInfo(typeof(object)));
        var kept = Cut(written);
        json.WritePropertyName(name);

        if (kept.Length == written.Length)
        {
            json.WriteRawValue(kept);
        }
        else
        {
            json.WriteStringValue(kept);
        }
    }

    private void Begin(Utf8JsonWriter json, string type)
    {
        _left -= PartCost;
        json.WriteStartObject();
        json.WriteString("type", type);
    }

    private string Cut(string text)
    {
        var kept = text[..Math.Clamp(Math.Min(_left, MaxText), 0, text.Length)];
        _left -= kept.Length;
        return kept;
    }

    private static string FinishReason(ChatFinishReason? reason) => reason switch
    {
        null => "error",
        { } called when called == ChatFinishReason.ToolCalls => "tool_call",
        { Value: var said } => said,
    };
}
