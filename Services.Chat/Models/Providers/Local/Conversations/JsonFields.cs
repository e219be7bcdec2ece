using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

/// <summary>Reads fields whose spelling differs by source: client_id, clientId and ClientId are one name.</summary>
internal static class JsonFields
{
    private const int MaxDepth = 6;

    public static JsonElement? Get(JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in names)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (SameName(property.Name, name) && property.Value.ValueKind != JsonValueKind.Null)
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    public static string? Text(JsonElement element, params ReadOnlySpan<string> names) => Get(element, names) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } value ? value : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static double? Number(JsonElement element, params ReadOnlySpan<string> names) =>
        Get(element, names) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    public static List<JsonElement> Items(JsonElement element, params ReadOnlySpan<string> names) =>
        Get(element, names) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];

    /// <summary>Every object in the element, outer before inner; transcripts are not entered.</summary>
    public static IEnumerable<JsonElement> Objects(JsonElement element, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            yield break;
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray().SelectMany(item => Objects(item, depth + 1)))
            {
                yield return inner;
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            yield return element;

            foreach (var inner in element.EnumerateObject()
                .Where(property => property.Name != "segments")
                .SelectMany(property => Objects(property.Value, depth + 1)))
            {
                yield return inner;
            }
        }
    }

    private static bool SameName(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
