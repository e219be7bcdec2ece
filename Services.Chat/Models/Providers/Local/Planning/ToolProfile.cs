using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>A tool as its declaration tells it: the act and thing of its name, its words, its parameters.</summary>
internal sealed record ToolProfile(AIFunctionDeclaration Tool, Act? Act, Thing? Thing, IReadOnlyList<string> Stems)
{
    public string Name => Tool.Name;

    public IReadOnlyList<string> Required { get; } =
        [.. JsonFields.Items(Tool.JsonSchema, "required").Select(name => name.GetString()).OfType<string>()];

    public IReadOnlyDictionary<string, JsonElement> Parameters { get; } =
        JsonFields.Get(Tool.JsonSchema, "properties") is { ValueKind: JsonValueKind.Object } properties
            ? properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value)
            : [];

    /// <summary>The embedded model takes single values out of a request; a tool that cannot do without a list is not for it.</summary>
    public bool NeedsList => Required.Any(name => Parameters.TryGetValue(name, out var schema) && JsonFields.Text(schema, "type") == "array");

    public static ToolProfile Of(AIFunctionDeclaration tool)
    {
        var name = tool.Name.Split('_');
        List<string> stems = [.. name.Select(Stemmer.Stem), .. name.Select(Stemmer.Stem), .. Tokens.Stems(tool.Description)];

        if (JsonFields.Get(tool.JsonSchema, "properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            stems.AddRange(properties.EnumerateObject().SelectMany(property => property.Name.Split('_')).Select(Stemmer.Stem));
        }

        return new(tool, ActOf(name), ThingOf(name), stems);
    }

    private static Act? ActOf(string[] name) => name switch
    {
        ["suggest" or "navigate", ..] => Planning.Act.Navigate,
        [_, .., "direct"] or ["load", "multiple", ..] => Planning.Act.OpenOnScreen,
        [_, .., "summary"] or ["summarize", ..] => Planning.Act.Summarise,
        ["analyze", ..] => Planning.Act.Analyse,
        ["search" or "semantic" or "find", ..] => Planning.Act.Find,
        ["get" or "list", .. { Length: > 0 }] when name[^1].EndsWith('s') => Planning.Act.List,
        ["load" or "get" or "read", ..] => Planning.Act.Load,
        ["select" or "set", ..] => Planning.Act.Select,
        ["check" or "validate", ..] => Planning.Act.Check,
        ["generate" or "create", ..] => Planning.Act.Generate,
        ["refine" or "update", ..] => Planning.Act.Refine,
        _ => null,
    };

    private static Thing? ThingOf(string[] name) => name.Select(word => Stemmer.Stem(word) switch
    {
        "client" => Planning.Thing.Client,
        "session" => Planning.Thing.Session,
        "templat" => Planning.Thing.Template,
        "document" or "report" => Planning.Thing.Document,
        "practitioner" => Planning.Thing.Practitioner,
        "clinic" => Planning.Thing.Practice,
        "homework" => Planning.Thing.Homework,
        "mood" => Planning.Thing.Mood,
        "conversation" => Planning.Thing.Conversation,
        "page" or "navigation" => Planning.Thing.Page,
        _ => (Thing?)null,
    }).FirstOrDefault(thing => thing is not null);
}
