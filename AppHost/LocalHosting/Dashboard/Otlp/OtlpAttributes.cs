using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Attributes as a person reads them: keys and values as text, in the order they were sent.</summary>
internal sealed class OtlpAttributes : List<KeyValuePair<string, string>>
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const int Key = 1;
    private const int Value = 2;

    /// <param name="message">What has the attributes.</param>
    /// <param name="field">Their number in it: repeated KeyValue.</param>
    public static OtlpAttributes Of(ReadOnlySpan<byte> message, int field)
    {
        var attributes = new OtlpAttributes();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Is(field, ProtoWire.Bytes))
            {
                attributes.Add(Pair(reader.Bytes()));
            }
            else
            {
                reader.Skip();
            }
        }

        return attributes;
    }

    public string? Find(string key)
    {
        foreach (var (name, value) in this)
        {
            if (name == key)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The first that is there.</summary>
    public string? Find(string key, string otherKey) => Find(key) ?? Find(otherKey);

    public string[][] ToPairs() => [.. this.Select(a => (string[])[a.Key, a.Value])];

    /// <summary>An AnyValue: text as it is, lists and maps as JSON.</summary>
    public static string TextOf(ReadOnlySpan<byte> anyValue)
    {
        var text = "";
        var reader = new ProtoReader(anyValue);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (1, ProtoWire.Bytes):
                    text = reader.Text();
                    break;
                case (2, ProtoWire.Varint):
                    text = reader.Varint() != 0 ? "true" : "false";
                    break;
                case (3, ProtoWire.Varint):
                    text = ((long)reader.Varint()).ToString(CultureInfo.InvariantCulture);
                    break;
                case (4, ProtoWire.Fixed64):
                    text = reader.Double().ToString(CultureInfo.InvariantCulture);
                    break;
                case (5 or 6, ProtoWire.Bytes):
                    text = Plain(OtlpMessage.AnyValue.ToJson(anyValue))?.ToJsonString(Readable) ?? "null";
                    reader.Skip();
                    break;
                case (7, ProtoWire.Bytes):
                    text = Convert.ToBase64String(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return text;
    }

    private static KeyValuePair<string, string> Pair(ReadOnlySpan<byte> pair)
    {
        var (key, value) = ("", "");
        var reader = new ProtoReader(pair);
        while (reader.Next())
        {
            if (reader.Is(Key, ProtoWire.Bytes))
            {
                key = reader.Text();
            }
            else if (reader.Is(Value, ProtoWire.Bytes))
            {
                value = TextOf(reader.Bytes());
            }
            else
            {
                reader.Skip();
            }
        }

        return new(key, value);
    }

    // {"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"}]}} becomes ["a",1]
    private static JsonNode? Plain(JsonNode? value) => value switch
    {
        JsonObject o when o["arrayValue"] is JsonObject array => new JsonArray([.. (array["values"] as JsonArray ?? []).Select(Plain)]),
        JsonObject o when o["kvlistValue"] is JsonObject pairs => new JsonObject((pairs["values"] as JsonArray ?? [])
            .GroupBy(p => p?["key"]?.GetValue<string>() ?? "")
            .Select(p => KeyValuePair.Create(p.Key, Plain(p.Last()?["value"])))),
        JsonObject o when o["intValue"] is JsonValue number => JsonValue.Create(long.Parse(number.GetValue<string>(), CultureInfo.InvariantCulture)),
        JsonObject { Count: > 0 } o => o.First().Value?.DeepClone(),
        _ => null,
    };
}
