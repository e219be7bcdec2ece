using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Documents.Sources;

internal sealed class SourceOptions
{
    public const string Section = "Sources";

    /// <summary>Bound on the transcripts of one document together.</summary>
    [Range(1_000, 5_000_000)]
    public int MaxCharacters { get; init; } = 2_000_000;

    /// <summary>Bound on fetching all sources of one document.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 15;
}

[OptionsValidator]
internal sealed partial class SourceOptionsValidator : IValidateOptions<SourceOptions>;
