namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>What is known of an OpenAI-compatible server: where it is, how it is asked, and what it refuses.</summary>
internal sealed record Vendor(string Name)
{
    /// <summary>Null when everybody has their own.</summary>
    public Uri? BaseUrl { get; init; }

    public bool NeedsKey { get; init; }

    /// <summary>The header of the key; without one it is Authorization: Bearer.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>{base}/openai/deployments/{model}/{path}?api-version=... in place of {base}/{path}.</summary>
    public bool HasDeployments { get; init; }

    /// <summary>False when stream_options is refused. Usage then comes unasked, or not at all.</summary>
    public bool TakesStreamOptions { get; init; } = true;

    public ParameterRules Parameters { get; init; } = ParameterRules.None;

    /// <summary>Beside <see cref="Parameters"/>, for models that reason.</summary>
    public ParameterRules ReasoningParameters { get; init; } = ParameterRules.None;
}
