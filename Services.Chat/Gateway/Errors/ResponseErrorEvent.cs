using System.Buffers.Text;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>
/// How a stream of the responses wire says that it broke off. It says so twice, as OpenAI's own servers do: some clients look for the event and its members,
/// others for the envelope in it.
/// </summary>
internal sealed record ResponseErrorEvent(string Type, long SequenceNumber, string? Code, string Message, string? Param, GatewayError Error)
{
    // Within a text of the reply it would be escaped: \"sequence_number\":
    private static ReadOnlySpan<byte> Name => "\"sequence_number\":"u8;

    // event: error
    // data: {"type":"error","sequence_number":7,"code":"provider.stream_broken","message":"...","param":null,"error":{...}}
    public static byte[] ToBytes(GatewayError error, long sequenceNumber)
    {
        var data = new ResponseErrorEvent("error", sequenceNumber, error.Code, error.Message, error.Param, error);
        return [.. "event: error\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(data, GatewayErrorJsonContext.Default.ResponseErrorEvent), .. "\n\n"u8];
    }

    /// <returns>Of the last event in <paramref name="events"/> that has one.</returns>
    public static long? LastNumber(ReadOnlySpan<byte> events) =>
        events.LastIndexOf(Name) is var start and >= 0 && Utf8Parser.TryParse(events[(start + Name.Length)..].TrimStart((byte)' '), out long number, out _) ? number : null;
}
