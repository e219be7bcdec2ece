using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>The parameters of a tool: one list gives the JSON schema that the model sees and the check at execution.</summary>
internal sealed class ToolParameters(params IReadOnlyList<ToolParameter> parameters)
{
    private readonly Lazy<JsonElement> _schema = new(() => ToSchema(parameters));

    public JsonElement Schema => _schema.Value;

    /// <summary>Checks a model's arguments and fills in defaults. A null counts as left out: models send it for optional fields.</summary>
    /// <returns>Everything that is wrong, empty when <paramref name="values"/> can be used.</returns>
    public IReadOnlyList<string> Bind(IReadOnlyDictionary<string, JsonElement> given, out Dictionary<string, object?> values)
    {
        var faults = new List<string>();
        values = [];
        foreach (var parameter in parameters)
        {
            if (given.TryGetValue(parameter.Name, out var value) && value.ValueKind is not JsonValueKind.Null)
            {
                values[parameter.Name] = value;
                if (parameter.Fault(value) is { } fault)
                {
                    faults.Add(fault);
                }
            }
            else if (parameter.Required)
            {
                faults.Add($"{parameter.Name} is missing");
            }
            else if (parameter.Default is { } standard)
            {
                values[parameter.Name] = JsonSerializer.SerializeToElement(standard, ToolJsonContext.Default.JsonNode);
            }
        }

        faults.AddRange(given.Keys.Where(IsUnknown).Select(name => $"there is no parameter {name}"));
        return faults;
    }

    private bool IsUnknown(string name) => !parameters.Any(parameter => parameter.Name == name);

    private static JsonElement ToSchema(IReadOnlyList<ToolParameter> parameters)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.ToSchema()))),
            ["required"] = new JsonArray([.. parameters.Where(parameter => parameter.Required).Select(parameter => (JsonNode)parameter.Name)]),
            ["additionalProperties"] = false,
        };
        return JsonSerializer.SerializeToElement(schema, ToolJsonContext.Default.JsonNode);
    }
}
