using System.Globalization;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Dashboard.Otlp;

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

    public JsonObject ToJson(ReadOnlySpan<byte> message) => ToJson(message, 0);

    /// <summary>Reads it all through once, so that whoever writes it as JSON later meets no surprise.</summary>
    public void Check(ReadOnlySpan<byte> message) => Check(message, 0);

    private JsonObject ToJson(ReadOnlySpan<byte> message, int depth)
    {
        var json = new JsonObject();
        if (depth > MaxDepth)
        {
            return json;
        }

        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (FieldOf(reader) is not { } field)
            {
                reader.Skip();
            }
            else if (!field.IsRepeated)
            {
                json[field.Name] = Read(ref reader, field, depth);
            }
            else if (json[field.Name] is JsonArray array)
            {
                array.Add(Read(ref reader, field, depth));
            }
            else
            {
                json[field.Name] = new JsonArray(Read(ref reader, field, depth));
            }
        }

        return json;
    }

    private void Check(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (FieldOf(reader) is { Kind: OtlpKind.Message } field)
            {
                field.Message!().Check(reader.Bytes(), depth + 1);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private OtlpField? FieldOf(ProtoReader reader) =>
        fields.TryGetValue(reader.Field, out var field) && reader.Wire == WireOf(field.Kind) ? field : null;

    private static JsonNode? Read(ref ProtoReader reader, OtlpField field, int depth) => field.Kind switch
    {
        OtlpKind.Text => reader.Text(),
        OtlpKind.Hex => Convert.ToHexStringLower(reader.Bytes()),
        OtlpKind.Base64 => Convert.ToBase64String(reader.Bytes()),
        OtlpKind.Bool => reader.Varint() != 0,
        OtlpKind.Double => reader.Double() is var value && double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture),
        OtlpKind.Integer => (int)reader.Varint(),
        OtlpKind.LongText => ((long)reader.Varint()).ToString(CultureInfo.InvariantCulture),
        OtlpKind.Fixed32 => reader.Fixed32(),
        OtlpKind.FixedLongText => reader.Fixed64().ToString(CultureInfo.InvariantCulture),
        _ => field.Message!().ToJson(reader.Bytes(), depth + 1),
    };

    private static ProtoWire WireOf(OtlpKind kind) => kind switch
    {
        OtlpKind.Bool or OtlpKind.Integer or OtlpKind.LongText => ProtoWire.Varint,
        OtlpKind.Double or OtlpKind.FixedLongText => ProtoWire.Fixed64,
        OtlpKind.Fixed32 => ProtoWire.Fixed32,
        _ => ProtoWire.Bytes,
    };
}
