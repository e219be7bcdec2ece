using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>Makes parameters and results fit to be shown while a run goes on: contact data hidden, long values cut.</summary>
internal static partial class FrameSanitizer
{
    private const string Hidden = "[hidden]";
    private const int DeepestLevel = 20;

    // The longest text and the longest list, from generous to bare; the first that fits is taken.
    private static readonly (int Text, int Items)[] Cuts = [(500, 20), (200, 10), (100, 5), (60, 3), (30, 1)];

    private static readonly string[] PrivateNames = ["email", "phone", "mobile", "fax", "address", "token", "password", "secret", "authorization"];

    public static JsonElement Sanitize(JsonElement value, int longest)
    {
        foreach (var (text, items) in Cuts)
        {
            var cut = JsonSerializer.SerializeToElement(Clean(value, text, items, 0), ToolJsonContext.Default.JsonNode);
            if (cut.GetRawText().Length <= longest)
            {
                return cut;
            }
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["truncated"] = true }, ToolJsonContext.Default.JsonNode);
    }

    public static JsonElement Sanitize(IReadOnlyDictionary<string, JsonElement> arguments, int longest)
    {
        var whole = new JsonObject(arguments.Select(argument => KeyValuePair.Create(argument.Key, JsonSerializer.SerializeToNode(argument.Value, ToolJsonContext.Default.JsonElement))));
        return Sanitize(JsonSerializer.SerializeToElement(whole, ToolJsonContext.Default.JsonNode), longest);
    }

    private static JsonNode? Clean(JsonElement value, int text, int items, int level) => value.ValueKind switch
    {
        JsonValueKind.Object when level < DeepestLevel => CleanObject(value, text, items, level),
        JsonValueKind.Array when level < DeepestLevel => CleanArray(value, text, items, level),
        JsonValueKind.Object or JsonValueKind.Array => "…",
        JsonValueKind.String => CleanText(value.GetString()!, text),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonNode.Parse(value.GetRawText()),
    };

    private static JsonObject CleanObject(JsonElement value, int text, int items, int level)
    {
        var clean = new JsonObject();
        foreach (var property in value.EnumerateObject())
        {
            clean[property.Name] = IsPrivate(property.Name) ? Hidden : Clean(property.Value, text, items, level + 1);
        }

        return clean;
    }

    private static JsonArray CleanArray(JsonElement value, int text, int items, int level)
    {
        var clean = new JsonArray([.. value.EnumerateArray().Take(items).Select(item => Clean(item, text, items, level + 1))]);
        if (value.GetArrayLength() > items)
        {
            clean.Add($"… {value.GetArrayLength() - items} more");
        }

        return clean;
    }

    private static string CleanText(string value, int longest)
    {
        // Ids and times are all digits and dashes, and no telephone number.
        if (Guid.TryParse(value, out _) || Time().IsMatch(value))
        {
            return value;
        }

        var open = Phone().Replace(Email().Replace(value, Hidden), Hidden);
        var plain = string.Concat(open.Where(character => !char.IsControl(character) || character is '\n' or '\t'));
        return plain.Length > longest ? string.Concat(plain.AsSpan(0, longest), "…") : plain;
    }

    private static bool IsPrivate(string name) => PrivateNames.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+", RegexOptions.CultureInvariant, 500)]
    private static partial Regex Email();

    // +61 412 345 678, (02) 9876 5432, 0412-345-678; a date of eight digits is too short.
    [GeneratedRegex(@"(?<![\w-])\+?\(?\d(?:[\s().-]{0,2}\d){8,14}(?![\w-])", RegexOptions.CultureInvariant, 500)]
    private static partial Regex Phone();

    // 2026-03-31, 2026-03-31T09:30:00+00:00
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:\d{2})?)?$", RegexOptions.CultureInvariant, 500)]
    private static partial Regex Time();
}
