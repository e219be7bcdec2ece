using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>Where the catalogue is, when it is a file of its own.</summary>
internal sealed class CatalogueOptions
{
    public const string Section = "Catalogue";

    /// <summary>The setting, and environment variable, that names the file.</summary>
    public const string FileSetting = "MODELS_CONFIG";

    /// <summary>YAML, or JSON by its extension; null when the groups are in the settings <c>Models</c>.</summary>
    public string? File { get; set; }

    /// <summary>How often the file is looked at. A change is taken when it has stayed the same from one look to the next.</summary>
    [Range(0.05, 3600)]
    public double PollSeconds { get; set; } = 1;
}

[OptionsValidator]
internal sealed partial class CatalogueOptionsValidator : IValidateOptions<CatalogueOptions>;
