using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace AiPlatform.Services.Chat.Events;

/// <summary>Body and envelope become the bytes that are logged, sent and sent again; nothing serialises a frame twice.</summary>
internal static class FrameWriter
{
    // Letters of every language stay readable and short; < > & and quotes are escaped, so a frame pasted into a page is inert.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    private static readonly FrameJsonContext Context = new(new JsonSerializerOptions(FrameJsonContext.Default.Options) { Encoder = Encoder });

    public static byte[] Write(FrameBody body, FrameEnvelope envelope) =>
        Write(body, Context.FrameBody, envelope, withUser: body is AgentStartedFrame or AgentThinkingFrame or ToolExecutingFrame or ToolCompletedFrame or AgentCompletedFrame);

    public static byte[] Write<T>(T body, JsonTypeInfo<T> typeInfo, FrameEnvelope envelope, bool withUser = false)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, new() { Encoder = Encoder, SkipValidation = true });
        JsonSerializer.Serialize(writer, body, typeInfo);
        writer.Flush();

        // {"type":"text_chunk","content":"Hi"} and {"event_id":"..."} become one object.
        var bodyLength = buffer.WrittenCount;
        writer.Reset();
        writer.WriteStartObject();
        envelope.Write(writer, withUser);
        writer.WriteEndObject();
        writer.Flush();

        var written = buffer.WrittenSpan;
        var frame = new byte[written.Length - 1];
        written[..(bodyLength - 1)].CopyTo(frame);
        frame[bodyLength - 1] = (byte)',';
        written[(bodyLength + 1)..].CopyTo(frame.AsSpan(bodyLength));
        return frame;
    }

    public static FrameBody Read(ReadOnlySpan<byte> frame) =>
        JsonSerializer.Deserialize(frame, Context.FrameBody) ?? throw new JsonException("A logged frame is empty.");
}
