using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>The catalogue that holds now. It is swapped whole; who has read <see cref="Current"/> keeps what they read.</summary>
internal sealed class ModelCatalogue
{
    private volatile CatalogueSnapshot _current;

    /// <exception cref="InvalidCatalogueException">A service does not start on a catalogue with faults.</exception>
    public ModelCatalogue(CatalogueSource source)
        : this(source.Load())
    {
    }

    public ModelCatalogue(CatalogueSnapshot first) => _current = first;

    public CatalogueSnapshot Current => _current;

    /// <summary>Why the last reload was not taken; null when it was, or there was none.</summary>
    public InvalidCatalogueException? Rejected { get; private set; }

    /// <param name="model">A group's name or alias; null or empty takes the default.</param>
    /// <exception cref="DomainException">model.unknown</exception>
    public ModelGroup Find(string? model) =>
        _current.Find(model) ?? throw Unknown(model);

    public static DomainException Unknown(string? model) => new(DomainErrorKind.NotFound, "model.unknown", $"There is no model '{model}'.");

    public void Replace(CatalogueSnapshot next)
    {
        _current = next;
        Rejected = null;
    }

    /// <summary>The old catalogue stays, and health says so.</summary>
    public void Reject(InvalidCatalogueException reason) => Rejected = reason;
}
