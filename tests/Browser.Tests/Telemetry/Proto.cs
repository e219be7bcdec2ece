using System.Text;
using Google.Protobuf;

namespace AiPlatform.Browser.Tests.Telemetry;

/// <summary>Fields of a protobuf message, to be put one after the other.</summary>
internal static class Proto
{
    public static byte[] Message(params IEnumerable<byte[]> fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Bytes(int field, byte[] content) => Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(ByteString.CopyFrom(content)));

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Id(int field, string hex) => Bytes(field, Convert.FromHexString(hex));

    public static byte[] Number(int field, long value) => Write(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    public static byte[] Double(int field, double value) => Write(field, WireFormat.WireType.Fixed64, output => output.WriteDouble(value));

    public static byte[] Count(int field, long value) => Write(field, WireFormat.WireType.Fixed64, output => output.WriteFixed64((ulong)value));

    /// <summary>Nanoseconds since the epoch.</summary>
    public static byte[] Time(int field, DateTimeOffset time) => Count(field, (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);

    // KeyValue: {1 = key, 2 = {1 = text}}
    public static IEnumerable<byte[]> Attributes(int field, IEnumerable<(string Name, string Value)> attributes) =>
        attributes.Select(attribute => Bytes(field, Message(Text(1, attribute.Name), Bytes(2, Text(1, attribute.Value)))));

    private static byte[] Write(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(field, type);
        write(output);
        output.Flush();
        return bytes.ToArray();
    }
}
