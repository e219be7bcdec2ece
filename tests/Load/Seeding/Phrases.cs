using System.Text;

namespace AiPlatform.Load.Seeding;

/// <summary>Invented text from lists whose entries name other lists. The same random numbers say the same.</summary>
internal sealed class Phrases
{
    private readonly Dictionary<string, Entry[]> _lists;

    private Phrases(Dictionary<string, Entry[]> lists) => _lists = lists;

    public static Phrases Read()
    {
        using var reader = new StreamReader(typeof(Phrases).Assembly.GetManifestResourceStream("phrases.txt")!);
        var lists = new Dictionary<string, List<Entry>>();
        var (entries, isOneALine) = (new List<Entry>(), false);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                isOneALine = line.EndsWith(":]", StringComparison.Ordinal);
                lists.Add(line.Trim('[', ':', ']'), entries = []);
                continue;
            }

            entries.AddRange((isOneALine ? [line] : line.Split(", ")).Select(Entry.Parse));
        }

        return new(lists.ToDictionary(list => list.Key, list => list.Value.ToArray()));
    }

    public string Say(string list, Random random)
    {
        var text = new StringBuilder();
        Say(list, random, text);
        return text.ToString();
    }

    /// <summary>As a beginning of a sentence or a title.</summary>
    public string SayCapital(string list, Random random)
    {
        var text = Say(list, random);
        return $"{char.ToUpperInvariant(text[0])}{text.AsSpan(1)}";
    }

    private void Say(string list, Random random, StringBuilder text)
    {
        var entries = _lists[list];
        foreach (var (isList, value) in entries[random.Next(entries.Length)].Parts)
        {
            if (isList)
            {
                Say(value, random, text);
            }
            else
            {
                text.Append(value);
            }
        }
    }

    private sealed record Entry(IReadOnlyList<(bool IsList, string Value)> Parts)
    {
        // "I felt {feeling} {time}."
        public static Entry Parse(string text) => new(
            [.. text.Split('{', '}').Select((part, index) => (index % 2 == 1, part)).Where(part => part.part.Length > 0)]);
    }
}
