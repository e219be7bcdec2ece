namespace AiPlatform.Services.Chat.Tools;

internal enum ToolKind
{
    /// <summary>Reads; may be tried again.</summary>
    Read,

    /// <summary>Writes data, under an idempotency key.</summary>
    Write,

    /// <summary>Changes only what the user sees.</summary>
    Ui,
}

/// <summary>What a tool is, apart from what it does.</summary>
/// <param name="Description">For the model: when to use the tool and what it gives.</param>
/// <param name="Activity">For the user, while it runs: one plain sentence.</param>
internal sealed record ToolDefinition(string Name, ToolKind Kind, string Description, string Activity, ToolParameters Parameters)
{
    public IReadOnlyList<string> Personas { get; init; } = [PersonaNames.WebAssistant];

    /// <summary>Page types on which the tool works; empty means every page.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    /// <summary>True when a model writes behind the call, which takes longer than a lookup.</summary>
    public bool Generates { get; init; }

    public bool WorksOn(string pageType) => Pages.Count == 0 || Pages.Contains(pageType);
}
