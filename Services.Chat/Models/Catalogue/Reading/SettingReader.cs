using System.Globalization;

namespace AiPlatform.Services.Chat.Models.Catalogue.Reading;

/// <summary>
/// Reads the members of one mapping, each by the name and kind that is wanted, and notes what does not fit. What nobody asked for
/// when <see cref="End"/> is called is a fault too: a misspelt limit must not be no limit.
/// </summary>
internal sealed class SettingReader
{
    private readonly Dictionary<string, Setting> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly List<string> _faults;

    public SettingReader(Setting setting, List<string> faults)
    {
        Path = setting.Path;
        _faults = faults;

        switch (setting)
        {
            case Setting.Mapping mapping:
                foreach (var (name, value) in mapping.Members)
                {
                    _members[name] = value;
                }

                break;
            case Setting.Scalar { Text: null }:
                break;
            default:
                Fault(setting.Path, "must be a set of named settings");
                break;
        }
    }

    public string Path { get; }

    /// <summary>Whether something stands there, also when it cannot be read.</summary>
    public bool Has(string name) => _members.GetValueOrDefault(name) is not (null or Setting.Scalar { Text: null, IsBroken: false });

    public string? Text(string name)
    {
        switch (Take(name))
        {
            case null or Setting.Scalar { IsBroken: true }:
                return null;
            case Setting.Scalar scalar:
                return scalar.Text?.Trim() is { Length: > 0 } text ? text : null;
            case var other:
                Fault(other.Path, "must be a single value");
                return null;
        }
    }

    public string RequiredText(string name)
    {
        if (!Has(name))
        {
            Fault(Setting.Join(Path, name), "is missing");
        }

        return Text(name) ?? "";
    }

    public int? Integer(string name, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Fault(Setting.Join(Path, name), $"must be a whole number from {least} to {most}");
        return null;
    }

    public decimal? Amount(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1_000_000)
        {
            return value;
        }

        Fault(Setting.Join(Path, name), "must be an amount of USD such as 0.0025");
        return null;
    }

    /// <summary>A time with its unit: 500ms, 30s, 5m, 6h, 7d.</summary>
    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Durations.TryParse(text, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Fault(Setting.Join(Path, name), $"must be a time from {Durations.Format(least)} to {Durations.Format(most)} with its unit, such as 500ms, 30s, 5m or 6h");
        return null;
    }

    /// <summary>One of a few words.</summary>
    public T? Word<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct => Text(name) is { } text ? WordOf(text, Setting.Join(Path, name), words) : null;

    public IReadOnlyList<T>? Words<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct =>
        Texts(name) is { } texts ? [.. texts.Select((text, index) => WordOf(text, $"{Setting.Join(Path, name)}[{index}]", words)).OfType<T>()] : null;

    public IReadOnlyList<string>? Texts(string name)
    {
        var items = Items(name);
        return items is null ? null : [.. items.Select(TextOf).OfType<string>()];
    }

    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);

        if (Child(name) is { } child)
        {
            foreach (var key in child._members.Keys.ToList())
            {
                pairs[key] = child.RequiredText(key);
            }
        }

        return pairs;
    }

    public SettingReader? Child(string name) => Take(name) is { } setting and not Setting.Scalar { Text: null } ? new(setting, _faults) : null;

    public IReadOnlyList<SettingReader> Children(string name) => [.. (Items(name) ?? []).Select(item => new SettingReader(item, _faults))];

    /// <summary>Whether the value is this one word, in place of the settings that could stand there.</summary>
    public bool Is(string name, string word) => _members.GetValueOrDefault(name) is Setting.Scalar { Text: { } text } && text == word && Take(name) is not null;

    public void Fault(string path, string what) => _faults.Add($"{(path.Length == 0 ? "the file" : path)}: {what}.");

    public void End()
    {
        foreach (var name in _members.Keys)
        {
            Fault(Setting.Join(Path, name), $"is no setting here; there are {string.Join(", ", _known.Distinct())}");
        }
    }

    private Setting? Take(string name)
    {
        _known.Add(name);
        return _members.Remove(name, out var setting) ? setting : null;
    }

    private IReadOnlyList<Setting>? Items(string name)
    {
        switch (Take(name))
        {
            case null or Setting.Scalar { Text: null } or Setting.Scalar { IsBroken: true }:
                return null;
            case Setting.Sequence sequence:
                return sequence.Items;
            case var other:
                Fault(other.Path, "must be a list");
                return null;
        }
    }

    private string? TextOf(Setting item)
    {
        if (item is Setting.Scalar { Text: { Length: > 0 } text })
        {
            return text;
        }

        if (item is not Setting.Scalar { IsBroken: true })
        {
            Fault(item.Path, "must be a single value");
        }

        return null;
    }

    private T? WordOf<T>(string text, string path, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (words.TryGetValue(text, out var value))
        {
            return value;
        }

        Fault(path, $"must be one of {string.Join(", ", words.Keys)}");
        return null;
    }
}
