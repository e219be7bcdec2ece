using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Documents.Drafting;

internal sealed class DraftingOptions
{
    public const string Section = "Drafting";

    /// <summary>Model group at the gateway.</summary>
    [Required]
    public string Model { get; init; } = "default";

    /// <summary>Left to the model when null; some models refuse any other value than their own.</summary>
    [Range(0, 2)]
    public double? Temperature { get; init; }

    /// <summary>Bound on all calls of one document together.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>Transcript characters of one request; about 50,000 tokens leave room in every current model's context.</summary>
    [Range(1_000, 2_000_000)]
    public int MaxCharactersPerRequest { get; init; } = 200_000;

    [Range(1, 8)]
    public int ParallelRequests { get; init; } = 3;
}

[OptionsValidator]
internal sealed partial class DraftingOptionsValidator : IValidateOptions<DraftingOptions>;
