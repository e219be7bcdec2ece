using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Api.Tests.OpenApi;

/// <summary>As much of JSON Schema as the document uses. A keyword it does not know is a fault: nothing is passed over in silence.</summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly HashSet<string> Words = ["description", "example", "examples", "default", "title", "discriminator"];

    public IEnumerable<string> FaultsOf(JsonNode? value, JsonNode schema, string path)
    {
        foreach (var (keyword, rule) in schema.AsObject())
        {
            foreach (var fault in Check(keyword, rule!, value, schema, path))
            {
                yield return fault;
            }
        }
    }

    private IEnumerable<string> Check(string keyword, JsonNode rule, JsonNode? value, JsonNode schema, string path) => keyword switch
    {
        _ when Words.Contains(keyword) => [],
        "$ref" => FaultsOf(value, Resolve(rule.GetValue<string>()), path),
        "type" => Types(rule).Any(type => Is(value, type)) ? [] : [$"{path}: {Show(value)} is no {string.Join(" or ", Types(rule))}"],
        "enum" => value is null || rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? [] : [$"{path}: {Show(value)} is none of {rule.ToJsonString()}"],
        "allOf" => rule.AsArray().SelectMany(one => FaultsOf(value, one!, path)),
        "oneOf" or "anyOf" => rule.AsArray().Any(one => !FaultsOf(value, one!, path).Any()) ? [] : [$"{path}: {Show(value)} fits none of {rule.ToJsonString()}"],
        "properties" => value is JsonObject ? rule.AsObject().SelectMany(member => CheckMember(value.AsObject(), member, path)) : [],
        "required" => value is JsonObject ? rule.AsArray().Where(name => !value.AsObject().ContainsKey($"{name}")).Select(name => $"{path}: {name} is missing") : [],
        "additionalProperties" => CheckUnknown(rule, value, schema, path),
        "items" => value is JsonArray ? value.AsArray().SelectMany((item, index) => FaultsOf(item, rule, $"{path}[{index}]")) : [],
        "minimum" => IsNumber(value, out var number) && number < NumberOf(rule) ? [$"{path}: {number} is less than {rule}"] : [],
        "maximum" => IsNumber(value, out var number) && number > NumberOf(rule) ? [$"{path}: {number} is more than {rule}"] : [],
        "minLength" => IsText(value, out var text) && text.Length < rule.GetValue<int>() ? [$"{path}: is shorter than {rule}"] : [],
        "maxLength" => IsText(value, out var text) && text.Length > rule.GetValue<int>() ? [$"{path}: is longer than {rule}"] : [],
        "format" => IsText(value, out var text) && !HasFormat(text, rule.GetValue<string>()) ? [$"{path}: {text} is no {rule}"] : [],
        _ => [$"{path}: the keyword {keyword} is not known here"],
    };

    private IEnumerable<string> CheckMember(JsonObject value, KeyValuePair<string, JsonNode?> member, string path) =>
        value.TryGetPropertyValue(member.Key, out var own) ? FaultsOf(own, member.Value!, $"{path}.{member.Key}") : [];

    private static IEnumerable<string> CheckUnknown(JsonNode rule, JsonNode? value, JsonNode schema, string path) =>
        rule is JsonValue && !rule.GetValue<bool>() && value is JsonObject known
            ? known.Where(member => schema["properties"]?.AsObject().ContainsKey(member.Key) is not true).Select(member => $"{path}: {member.Key} is unknown")
            : [];

    // #/components/schemas/Problem
    private JsonNode Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode)root, (node, name) => node[name] ?? throw new InvalidOperationException($"{reference} leads nowhere."));

    private static IEnumerable<string> Types(JsonNode rule) => rule is JsonArray many ? many.Select(one => one!.GetValue<string>()) : [rule.GetValue<string>()];

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => IsText(value, out _),
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => IsNumber(value, out _),
        "integer" => IsNumber(value, out var number) && number == Math.Truncate(number),
        _ => false,
    };

    private static bool HasFormat(string text, string format) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "int32" or "int64" or "double" => true,
        _ => false,
    };

    private static bool IsText(JsonNode? value, out string text)
    {
        text = value?.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : "";
        return value?.GetValueKind() is JsonValueKind.String;
    }

    private static bool IsNumber(JsonNode? value, out decimal number)
    {
        number = value?.GetValueKind() is JsonValueKind.Number ? NumberOf(value) : 0;
        return value?.GetValueKind() is JsonValueKind.Number;
    }

    private static decimal NumberOf(JsonNode value) => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Show(JsonNode? value) => value?.ToJsonString() ?? "null";
}
