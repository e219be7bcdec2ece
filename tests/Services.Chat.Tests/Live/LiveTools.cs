using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Live;

/// <summary>The tools of a whole practice, by name and purpose: as many as a model has to choose from in earnest.</summary>
internal static class ManyTools
{
    private static readonly string[] Things = ["appointment", "invoice", "message", "homework", "mood_entry", "note", "document", "template", "location", "reminder"];
    private static readonly string[] Acts = ["list", "get", "create", "update"];

    public static IReadOnlyList<AITool> All { get; } =
    [
        .. Things.SelectMany(thing => Acts.Select(act => new DeclaredTool($"{act}_{thing}", $"{act} {thing.Replace('_', ' ')}.", "id"))),
        new DeclaredTool("search_clients", "Finds clients of the practice by their name.", "query"),
        new DeclaredTool("search_sessions", "Finds sessions of a client by date or topic.", "client_id"),
    ];
}

/// <summary>Tools that find out one thing each about a conversation.</summary>
internal static class AnalysisTools
{
    private static readonly Dictionary<string, string> Results = new()
    {
        ["find_themes"] = """{"themes":["anxiety before work","poor sleep"]}""",
        ["rate_sentiment"] = """{"sentiment":"negative","mentions":["worry","distress"]}""",
        ["list_action_items"] = """{"action_items":["go on with the breathing exercise every evening"]}""",
    };

    public static IReadOnlyList<AITool> All { get; } =
    [
        new DeclaredTool("find_themes", "Finds the themes of the conversation.", "focus"),
        new DeclaredTool("rate_sentiment", "Rates the sentiment of the conversation.", "focus"),
        new DeclaredTool("list_action_items", "Lists what was agreed to be done.", "focus"),
    ];

    public static JsonElement ResultOf(string tool) => JsonElement.Parse(Results[tool]);
}

internal sealed class DeclaredTool(string name, string description, string argument) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema { get; } = JsonSerializer.SerializeToElement(new
    {
        type = "object",
        properties = new Dictionary<string, object> { [argument] = new { type = "string" } },
        required = new[] { argument },
    });
}
