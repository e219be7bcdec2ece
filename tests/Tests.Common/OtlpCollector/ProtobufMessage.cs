using System.Text;
using Google.Protobuf;

namespace AiPlatform.Tests.Common;

/// <summary>A protobuf message as its fields by number, without generated classes: enough to read OTLP.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Value, ByteString? Bytes)> _fields = [];

    public static ProtobufMessage Parse(ByteString bytes) => Parse(bytes.CreateCodedInput());

    public static ProtobufMessage Parse(byte[] bytes) => Parse(new CodedInputStream(bytes));

    public bool Has(int number) => _fields.Any(field => field.Number == number);

    public IEnumerable<ProtobufMessage> Messages(int number) => AllBytes(number).Select(Parse);

    public ProtobufMessage? Message(int number) => Messages(number).FirstOrDefault();

    public IEnumerable<ByteString> AllBytes(int number) =>
        _fields.Where(field => field.Number == number && field.Bytes is not null).Select(field => field.Bytes!);

    public string Text(int number) => AllBytes(number).Select(bytes => Encoding.UTF8.GetString(bytes.Span)).FirstOrDefault("");

    public string Hex(int number) => AllBytes(number).Select(bytes => Convert.ToHexStringLower(bytes.Span)).FirstOrDefault("");

    /// <summary>Varints and fixed numbers alike; 0 when absent, as protobuf means it.</summary>
    public ulong Number(int number) => _fields.FirstOrDefault(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    private static ProtobufMessage Parse(CodedInputStream input)
    {
        var message = new ProtobufMessage();
        while (input.ReadTag() is var tag and not 0)
        {
            (ulong Value, ByteString? Bytes) content = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (input.ReadUInt64(), null),
                WireFormat.WireType.Fixed64 => (input.ReadFixed64(), null),
                WireFormat.WireType.Fixed32 => (input.ReadFixed32(), null),
                WireFormat.WireType.LengthDelimited => (0, input.ReadBytes()),
                var other => throw new InvalidDataException($"OTLP has no fields of wire type {other}."),
            };
            message._fields.Add((WireFormat.GetTagFieldNumber(tag), content.Value, content.Bytes));
        }

        return message;
    }
}
