using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(float))]
[JsonSerializable(typeof(int))]
internal sealed partial class WireJsonContext : JsonSerializerContext;

/// <summary>Values of tool calls and results, which come as anything, on a wire that knows text and JSON.</summary>
internal static class WireValues
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    // Text goes out as it is: the escaping that pages need would make every other letter six bytes long.
    private static readonly WireJsonContext Plain = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] ToBytes(this JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, Plain.JsonObject);

    public static void AddGiven(this JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    /// <summary>A text as it is, everything else as JSON.</summary>
    public static string ToText(object? value) => value as string
        ?? (value is JsonElement json ? json.GetRawText() : JsonSerializer.Serialize(value, Compact.GetTypeInfo(typeof(object))));

    public static string ToText(IDictionary<string, object?>? arguments) => ToText((object)(arguments ?? new Dictionary<string, object?>()));

    public static JsonNode? ToNode(object? value) => value is JsonElement json ? json.ToNode() : JsonSerializer.SerializeToNode(value, Compact.GetTypeInfo(typeof(object)));

    public static JsonNode? ToNode(this JsonElement json) => JsonNode.Parse(json.GetRawText());
}
