using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>Effort in Gemini's words: tokens up to 2.5, a level from 3 on.</summary>
internal static class GeminiThinking
{
    public static JsonObject? Of(string model, ReasoningOptions? reasoning)
    {
        if (reasoning is null)
        {
            return null;
        }

        var thinking = new JsonObject { ["includeThoughts"] = reasoning is { Output: not ReasoningOutput.None, Effort: not ReasoningEffort.None } };

        if (HasLevels(model))
        {
            thinking.AddGiven("thinkingLevel", Level(reasoning.Effort));
        }
        else
        {
            thinking.AddGiven("thinkingBudget", Budget(reasoning.Effort));
        }

        return thinking;
    }

    /// <summary>From Gemini 3 on, which also wants the signatures of its calls back.</summary>
    public static bool HasLevels(string model) =>
        model.StartsWith("gemini-", StringComparison.OrdinalIgnoreCase) && model.Length > 7 && model[7] >= '3';

    private static int? Budget(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => 0,
        ReasoningEffort.Low => 1024,
        ReasoningEffort.Medium => 8192,
        ReasoningEffort.High => 16_384,
        ReasoningEffort.ExtraHigh => 24_576,
        _ => null,
    };

    // It cannot be turned off there; the least is "minimal".
    private static string? Level(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "minimal",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High or ReasoningEffort.ExtraHigh => "high",
        _ => null,
    };
}
