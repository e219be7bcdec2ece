namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>Everything that is wrong with a catalogue at once. Faults name places, never values: one of them may be a key.</summary>
internal sealed class InvalidCatalogueException(string source, IReadOnlyList<string> faults)
    : Exception($"The model catalogue ({source}) has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}:{string.Concat(faults.Select(fault => $"{Environment.NewLine}  {fault}"))}")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
