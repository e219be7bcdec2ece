using System.Collections.Frozen;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>What becomes of a request's own members on the way to an endpoint: other names for some, others left out.</summary>
internal sealed record ParameterRules
{
    public static readonly ParameterRules None = new();

    /// <summary>A member's name, and what the endpoint calls it.</summary>
    public FrozenDictionary<string, string> Rename { get; init; } = FrozenDictionary<string, string>.Empty;

    public FrozenSet<string> Drop { get; init; } = FrozenSet<string>.Empty;

    public bool IsEmpty => Rename.Count == 0 && Drop.Count == 0;

    /// <summary>Both sets of rules; where they rename the same member, <paramref name="stronger"/> decides.</summary>
    public ParameterRules With(ParameterRules stronger) => IsEmpty ? stronger : stronger.IsEmpty ? this : new()
    {
        Rename = Rename.Where(pair => !stronger.Rename.ContainsKey(pair.Key)).Concat(stronger.Rename).ToFrozenDictionary(StringComparer.Ordinal),
        Drop = Drop.Concat(stronger.Drop).ToFrozenSet(StringComparer.Ordinal),
    };

    public static ParameterRules Dropping(params IEnumerable<string> names) => new() { Drop = names.ToFrozenSet(StringComparer.Ordinal) };

    public static ParameterRules Renaming(string from, string to) =>
        new() { Rename = new Dictionary<string, string> { [from] = to }.ToFrozenDictionary(StringComparer.Ordinal) };
}
