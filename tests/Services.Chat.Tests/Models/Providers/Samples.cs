using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

/// <summary>Conversations and options that every provider is asked with.</summary>
internal static class Samples
{
    public static readonly AIFunctionDeclaration Find = AIFunctionFactory.CreateDeclaration(
        "find", "Finds.", JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}}}"""));

    /// <summary>Told by system, user, assistant and tools in turn, with a text beside the calls.</summary>
    public static List<ChatMessage> Conversation =>
    [
        new(ChatRole.System, "Be brief."),
        new(ChatRole.User, "Look."),
        new(ChatRole.Assistant,
        [
            new TextContent("Looking."),
            new FunctionCallContent("c1", "find", new Dictionary<string, object?> { ["n"] = 1 }),
            new FunctionCallContent("c2", "find", new Dictionary<string, object?>()),
        ]),
        new(ChatRole.Tool, [new FunctionResultContent("c1", JsonElement.Parse("""{"ok":true}""")), new FunctionResultContent("c2", "none")]),
        new(ChatRole.Assistant, "Found."),
        new(ChatRole.User, "Thanks."),
    ];

    /// <summary>Everything that can be asked for at once.</summary>
    public static ChatOptions Everything => new()
    {
        Temperature = 0.5f,
        TopP = 0.9f,
        TopK = 40,
        FrequencyPenalty = 0.1f,
        PresencePenalty = 0.2f,
        Seed = 7,
        MaxOutputTokens = 100,
        StopSequences = ["END"],
        Reasoning = new() { Effort = ReasoningEffort.Low },
    };

    public static ChatOptions WithTools => new() { Tools = [Find], ToolMode = ChatToolMode.Auto };

    public static List<ChatMessage> FiveTurns =>
        [.. Enumerable.Range(1, 5).SelectMany(turn => new ChatMessage[] { new(ChatRole.User, $"Question {turn}"), new(ChatRole.Assistant, $"Answer {turn}") }), new(ChatRole.User, "Last")];
}
