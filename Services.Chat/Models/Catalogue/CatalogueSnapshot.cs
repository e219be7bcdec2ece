using System.Collections.Frozen;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>All groups at one moment. A call keeps the one it began with, whatever is reloaded meanwhile.</summary>
internal sealed class CatalogueSnapshot
{
    /// <summary>What personas and documents ask for unless they are told otherwise: the group that serves calls that name none, where no group has this name.</summary>
    private const string DefaultName = "default";

    private readonly FrozenDictionary<string, ModelGroup> _byName;

    /// <param name="defaultModel">The name of the group that serves a call that names none.</param>
    /// <param name="unknownModel">The name of the group that serves names nobody has; null refuses them.</param>
    public CatalogueSnapshot(IReadOnlyList<ModelGroup> groups, string defaultModel, string? unknownModel = null)
    {
        Groups = groups;

        // A group's own name comes before any other's alias.
        _byName = groups.Select(group => (group.Name, Group: group))
            .Concat(groups.SelectMany(group => group.Aliases.Select(alias => (Name: alias, Group: group))))
            .DistinctBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(pair => pair.Name, pair => pair.Group, StringComparer.OrdinalIgnoreCase);
        Default = _byName[defaultModel];
        ForUnknown = unknownModel is null ? null : _byName[unknownModel];
    }

    public IReadOnlyList<ModelGroup> Groups { get; }

    public ModelGroup Default { get; }

    public ModelGroup? ForUnknown { get; }

    /// <returns>Null for a name nobody has.</returns>
    public ModelGroup? Find(string? model) =>
        string.IsNullOrWhiteSpace(model) ? Default
        : _byName.GetValueOrDefault(model) ?? (model.Equals(DefaultName, StringComparison.OrdinalIgnoreCase) ? Default : ForUnknown);
}
