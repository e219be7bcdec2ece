using AiPlatform.Services.Chat.Models.Catalogue.Reading;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>Where the catalogue comes from: the file, when one is named, otherwise the settings.</summary>
internal sealed class CatalogueSource(IOptions<CatalogueOptions> options, IOptions<ModelOptions> settings)
{
    /// <summary>Null when there is no file.</summary>
    public string? File { get; } = string.IsNullOrWhiteSpace(options.Value.File) ? null : Path.GetFullPath(options.Value.File);

    /// <summary>What stood in the file when it was loaded.</summary>
    public string? Loaded { get; private set; }

    /// <exception cref="InvalidCatalogueException"/>
    public CatalogueSnapshot Load() => File is null ? SettingsCatalogue.Build(settings.Value) : Parse(Loaded = ReadFile());

    /// <exception cref="InvalidCatalogueException"/>
    public string ReadFile()
    {
        try
        {
            return System.IO.File.ReadAllText(File!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCatalogueException(File!, [$"cannot be read ({exception.GetType().Name})."]);
        }
    }

    /// <exception cref="InvalidCatalogueException"/>
    public CatalogueSnapshot Parse(string text) => CatalogueReader.Read(File!, text, Environment.GetEnvironmentVariable);
}
