using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>
/// Which models there are when no catalogue file is named: one server for everything, or simple groups of one endpoint each. With
/// nothing configured the embedded model <c>local</c> serves the default group.
/// </summary>
internal sealed class ModelOptions
{
    public const string Section = "Models";

    /// <summary>The group that serves a call that names none.</summary>
    [Required]
    public string Default { get; init; } = "default";

    /// <summary>The short form: one OpenAI-compatible server for the default group.</summary>
    [ValidateObjectMembers]
    public EndpointOptions OpenAi { get; init; } = new();

    /// <summary>The long form: every group by itself.</summary>
    [ValidateEnumeratedItems]
    public List<ModelGroupOptions> Groups { get; init; } = [];
}

/// <summary>One place that serves a model.</summary>
internal class EndpointOptions
{
    public Uri? BaseUrl { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>The model's name at that server.</summary>
    public string? Model { get; init; }

    /// <summary>The longest a call may take until the whole reply is there, a stream included.</summary>
    [Range(1, 1800)]
    public int TimeoutSeconds { get; init; } = 300;

    public bool IsConfigured => BaseUrl is not null || !string.IsNullOrWhiteSpace(ApiKey);
}

internal sealed class ModelGroupOptions : EndpointOptions
{
    [Required]
    public required string Name { get; init; }

    public List<string> Aliases { get; init; } = [];

    /// <summary>One of <see cref="ModelProvider"/>.</summary>
    [AllowedValues(ModelProvider.OpenAi, ModelProvider.Anthropic, ModelProvider.Gemini, ModelProvider.Local)]
    public string Provider { get; init; } = ModelProvider.OpenAi;
}

[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;
