using System.Security.Cryptography;

namespace AiPlatform.Distributed.Tests.Leaks;

/// <summary>Words that nobody else would write, by what they stand for; letters only, so that no encoding changes them.</summary>
internal sealed class Markers
{
    private readonly Dictionary<string, string> _secrets = [];

    /// <summary>What must be found nowhere but in the databases, by the name of where it was planted.</summary>
    public IReadOnlyDictionary<string, string> Secrets => _secrets;

    /// <summary>The one word that may be logged, and has to be: a search that finds nothing of it finds nothing at all.</summary>
    public string Harmless { get; } = $"harmless{Random()}";

    public string Plant(string name)
    {
        var marker = $"zz{name}{Random()}";
        _secrets.Add(name, marker);
        return marker;
    }

    /// <summary>Something secret that was there already.</summary>
    public string Guard(string name, string value)
    {
        _secrets.Add(name, value);
        return value;
    }

    private static string Random() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 12);
}
