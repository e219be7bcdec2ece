using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Aspire.Hosting.Dashboard;

internal enum OtlpKind
{
    Text,
    Hex,
    Base64,
    Bool,
    Double,
    Integer,
    LongText,
    Fixed32,
    FixedLongText,
    Message,
}

internal sealed record OtlpField(string Name, OtlpKind Kind, bool IsRepeated = false, Func<OtlpMessage>? Message = null);

/// <summary>The shape of one OTLP message: enough of its fields to write it as OTLP JSON, where ids are hex and 64-bit numbers are text.</summary>
internal sealed class OtlpMessage(Dictionary<int, OtlpField> fields)
{
    public static readonly OtlpMessage AnyValue = new(new()
    {
        [1] = new("stringValue", OtlpKind.Text),
        [2] = new("boolValue", OtlpKind.Bool),
        [3] = new("intValue", OtlpKind.LongText),
        [4] = new("doubleValue", OtlpKind.Double),
        [5] = new("arrayValue", OtlpKind.Message, Message: () => Values!),
        [6] = new("kvlistValue", OtlpKind.Message, Message: () => Pairs!),
        [7] = new("bytesValue", OtlpKind.Base64),
    });

    public static readonly OtlpMessage KeyValue = new(new() { [1] = new("key", OtlpKind.Text), [2] = new("value", OtlpKind.Message, Message: () => AnyValue) });

    public static readonly OtlpMessage Resource = new(new() { [1] = new("attributes", OtlpKind.Message, true, () => KeyValue) });

    public static readonly OtlpMessage Scope = new(new()
    {
        [1] = new("name", OtlpKind.Text),
        [2] = new("version", OtlpKind.Text),
        [3] = new("attributes", OtlpKind.Message, true, () => KeyValue),
    });

    public static readonly OtlpMessage Span = new(new()
    {
        [1] = new("traceId", OtlpKind.Hex),
        [2] = new("spanId", OtlpKind.Hex),
        [3] = new("traceState", OtlpKind.Text),
        [4] = new("parentSpanId", OtlpKind.Hex),
        [5] = new("name", OtlpKind.Text),
        [6] = new("kind", OtlpKind.Integer),
        [7] = new("startTimeUnixNano", OtlpKind.FixedLongText),
        [8] = new("endTimeUnixNano", OtlpKind.FixedLongText),
        [9] = new("attributes", OtlpKind.Message, true, () => KeyValue),
        [10] = new("droppedAttributesCount", OtlpKind.Integer),
        [11] = new("events", OtlpKind.Message, true, () => Event!),
        [13] = new("links", OtlpKind.Message, true, () => Link!),
        [15] = new("status", OtlpKind.Message, Message: () => Status!),
        [16] = new("flags", OtlpKind.Fixed32),
    });

    public static readonly OtlpMessage LogRecord = new(new()
    {
        [1] = new("timeUnixNano", OtlpKind.FixedLongText),
        [2] = new("severityNumber", OtlpKind.Integer),
        [3] = new("severityText", OtlpKind.Text),
        [5] = new("body", OtlpKind.Message, Message: () => AnyValue),
        [6] = new("attributes", OtlpKind.Message, true, () => KeyValue),
        [7] = new("droppedAttributesCount", OtlpKind.Integer),
        [8] = new("flags", OtlpKind.Fixed32),
        [9] = new("traceId", OtlpKind.Hex),
        [10] = new("spanId", OtlpKind.Hex),
        [11] = new("observedTimeUnixNano", OtlpKind.FixedLongText),
        [12] = new("eventName", OtlpKind.Text),
    });

    private const int MaxDepth = 32;

    private static readonly OtlpMessage Values = new(new() { [1] = new("values", OtlpKind.Message, true, () => AnyValue) });

    private static readonly OtlpMessage Pairs = new(new() { [1] = new("values", OtlpKind.Message, true, () => KeyValue) });

    private static readonly OtlpMessage Event = new(new()
    {
        [1] = new("timeUnixNano", OtlpKind.FixedLongText),
        [2] = new("name", OtlpKind.Text),
        [3] = new("attributes", OtlpKind.Message, true, () => KeyValue),
    });

    private static readonly OtlpMessage Link = new(new()
    {
        [1] = new("traceId", OtlpKind.Hex),
        [2] = new("spanId", OtlpKind.Hex),
        [3] = new("traceState", OtlpKind.Text),
        [4] = new("attributes", OtlpKind.Message, true, () => KeyValue),
    });

    private static readonly OtlpMessage Status = new(new() { [2] = new("message", OtlpKind.Text), [3] = new("code", OtlpKind.Integer) });

    /// <summary>The bytes of every occurrence of a length-delimited field, without looking inside the others.</summary>
    public static List<ByteString> Parts(ByteString message, int field)
    {
        var parts = new List<ByteString>();
        var input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                parts.Add(input.ReadBytes());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return parts;
    }

    public JsonObject ToJson(ByteString message) => ToJson(message, 0);

    private JsonObject ToJson(ByteString message, int depth)
    {
        if (depth > MaxDepth)
        {
            return [];
        }

        var json = new JsonObject();
        var input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (!fields.TryGetValue(WireFormat.GetTagFieldNumber(tag), out var field) || WireFormat.GetTagWireType(tag) != WireType(field.Kind))
            {
                input.SkipLastField();
            }
            else if (!field.IsRepeated)
            {
                json[field.Name] = Read(input, field, depth);
            }
            else if (json[field.Name] is JsonArray array)
            {
                array.Add(Read(input, field, depth));
            }
            else
            {
                json[field.Name] = new JsonArray(Read(input, field, depth));
            }
        }

        return json;
    }

    private static JsonNode? Read(CodedInputStream input, OtlpField field, int depth) => field.Kind switch
    {
        OtlpKind.Text => input.ReadString(),
        OtlpKind.Hex => Convert.ToHexStringLower(input.ReadBytes().Span),
        OtlpKind.Base64 => input.ReadBytes().ToBase64(),
        OtlpKind.Bool => input.ReadBool(),
        OtlpKind.Double => input.ReadDouble() is var value && double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture),
        OtlpKind.Integer => input.ReadInt32(),
        OtlpKind.LongText => input.ReadInt64().ToString(CultureInfo.InvariantCulture),
        OtlpKind.Fixed32 => input.ReadFixed32(),
        OtlpKind.FixedLongText => input.ReadFixed64().ToString(CultureInfo.InvariantCulture),
        _ => field.Message!().ToJson(input.ReadBytes(), depth + 1),
    };

    private static WireFormat.WireType WireType(OtlpKind kind) => kind switch
    {
        OtlpKind.Bool or OtlpKind.Integer or OtlpKind.LongText => WireFormat.WireType.Varint,
        OtlpKind.Double or OtlpKind.FixedLongText => WireFormat.WireType.Fixed64,
        OtlpKind.Fixed32 => WireFormat.WireType.Fixed32,
        _ => WireFormat.WireType.LengthDelimited,
    };
}
