using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;

/// <summary>
/// An embedding model behind any OpenAI-compatible <c>/v1/embeddings</c>. The texts of transcripts that are searched are sent to it, so it
/// is one the practices may entrust them to. Without a base URL a search goes by words alone.
/// </summary>
internal sealed class EmbeddingOptions : IValidatableObject
{
    public const string Section = "Embeddings";

    /// <summary>Up to and with <c>/v1</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Sent as a bearer token; a server of one's own may need none.</summary>
    public string? ApiKey { get; init; }

    [StringLength(200)]
    public string? Model { get; init; }

    /// <summary>Texts in one request.</summary>
    [Range(1, 2_048)]
    public int BatchSize { get; init; } = 128;

    /// <summary>Segments that one search has embedded; what is left over goes by words and is embedded by the next search.</summary>
    [Range(1, 20_000)]
    public int NewSegmentsPerSearch { get; init; } = 2_000;

    /// <summary>The longest that all requests of one search may take together.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 10;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(BaseUrl);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
        {
            yield break;
        }

        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return new("An absolute http or https URL.", [nameof(BaseUrl)]);
        }

        if (string.IsNullOrWhiteSpace(Model))
        {
            yield return new("A base URL needs a model.", [nameof(Model)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class EmbeddingOptionsValidator : IValidateOptions<EmbeddingOptions>;
