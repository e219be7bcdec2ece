using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Agents;

internal sealed class AgentOptions
{
    public const string Section = "Agents";

    /// <summary>The most model calls of one run.</summary>
    [Range(1, 50)]
    public int MaxRounds { get; init; } = 10;

    /// <summary>How many tool calls of one round run at a time.</summary>
    [Range(1, 16)]
    public int MaxParallelToolCalls { get; init; } = 4;

    /// <summary>Changes to the settings of personas, by name.</summary>
    public Dictionary<string, PersonaOptions> Personas { get; init; } = [];
}

/// <summary>What an operator changes about a persona; null keeps the persona's own.</summary>
internal sealed class PersonaOptions
{
    public string? Model { get; init; }

    public float? Temperature { get; init; }

    public int? MaxOutputTokens { get; init; }
}

[OptionsValidator]
internal sealed partial class AgentOptionsValidator : IValidateOptions<AgentOptions>;
