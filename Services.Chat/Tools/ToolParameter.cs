using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Chat.Tools;

internal enum ToolParameterType
{
    Text,
    Id,
    Date,
    Whole,
    Number,
    Flag,
    Ids,
}

/// <summary>One parameter of a tool: what the model is told about it, and what it must satisfy.</summary>
internal sealed record ToolParameter(string Name, ToolParameterType Type, string Description)
{
    public bool Required { get; init; }

    public JsonNode? Default { get; init; }

    public int? Minimum { get; init; }

    public int? Maximum { get; init; }

    /// <summary>The most characters of a text, or entries of a list.</summary>
    public int? Longest { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    public JsonObject ToSchema()
    {
        var schema = Type switch
        {
            ToolParameterType.Id => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
            ToolParameterType.Date => new JsonObject { ["type"] = "string", ["format"] = "date" },
            ToolParameterType.Whole => new JsonObject { ["type"] = "integer" },
            ToolParameterType.Number => new JsonObject { ["type"] = "number" },
            ToolParameterType.Flag => new JsonObject { ["type"] = "boolean" },
            ToolParameterType.Ids => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" } },
            _ => new JsonObject { ["type"] = "string" },
        };
        schema["description"] = Description;
        if (Choices.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Choices.Select(choice => (JsonNode)choice)]);
        }

        Set(schema, "minimum", Minimum);
        Set(schema, "maximum", Maximum);
        Set(schema, Type is ToolParameterType.Ids ? "maxItems" : "maxLength", Longest);
        if (Default is not null)
        {
            schema["default"] = Default.DeepClone();
        }

        return schema;
    }

    /// <returns>What is wrong with the value, in words a model can act on; null when nothing is.</returns>
    public string? Fault(JsonElement value) => Type switch
    {
        ToolParameterType.Id => IsId(value) ? null : $"{Name} must be an id taken from an earlier result",
        ToolParameterType.Date => IsDate(value) ? null : $"{Name} must be a date like 2026-03-31",
        ToolParameterType.Whole => IsWhole(value, out var number) ? RangeFault(number) : $"{Name} must be a whole number",
        ToolParameterType.Number => value.ValueKind is JsonValueKind.Number ? RangeFault(value.GetDouble()) : $"{Name} must be a number",
        ToolParameterType.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"{Name} must be true or false",
        ToolParameterType.Ids => IdsFault(value),
        _ => TextFault(value),
    };

    private string? TextFault(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            return $"{Name} must be a text";
        }

        var text = value.GetString()!;
        if (Choices.Count > 0 && !Choices.Contains(text))
        {
            return $"{Name} must be one of {string.Join(", ", Choices)}";
        }

        if (text.Length > Longest)
        {
            return $"{Name} must not be longer than {Longest} characters";
        }

        return Required && string.IsNullOrWhiteSpace(text) ? $"{Name} must not be empty" : null;
    }

    private string? IdsFault(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.Array || !value.EnumerateArray().All(IsId))
        {
            return $"{Name} must be a list of ids taken from earlier results";
        }

        if (Required && value.GetArrayLength() == 0)
        {
            return $"{Name} must not be empty";
        }

        return value.GetArrayLength() > Longest ? $"{Name} must not be more than {Longest}" : null;
    }

    private string? RangeFault(double number)
    {
        if (number < Minimum || number > Maximum)
        {
            return $"{Name} must lie between {Minimum?.ToString(CultureInfo.InvariantCulture)} and {Maximum?.ToString(CultureInfo.InvariantCulture)}";
        }

        return null;
    }

    private static bool IsId(JsonElement value) => value.ValueKind is JsonValueKind.String && Guid.TryParse(value.GetString(), out _);

    private static bool IsDate(JsonElement value) =>
        value.ValueKind is JsonValueKind.String
        && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // Some models write whole numbers as 10.0.
    private static bool IsWhole(JsonElement value, out int number)
    {
        number = 0;
        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetDouble(out var found) || found != Math.Floor(found) || Math.Abs(found) > int.MaxValue)
        {
            return false;
        }

        number = (int)found;
        return true;
    }

    private static void Set(JsonObject schema, string name, int? value)
    {
        if (value is { } number)
        {
            schema[name] = number;
        }
    }
}
