using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>Words reduced to what can be compared between a clinician's sentence and what was said in the room.</summary>
internal static partial class Wording
{
    // Function words, and the words of reporting, which are the note's own and need no source.
    private static readonly HashSet<string> Ignored = new(
        """
        a an the and or but if so as of at by for with about into from to in on off over under out up down than then that this these those there here
        i me my mine you your yours he him his she her hers it its we us our they them their who whom which what when where why how
        am is are was were be been being do does did doing have has had having will would can could may might shall should must
        not no nor never none nothing without n't just also too very really quite still more most some any each other own same such only
        um uh mm hmm mhm oh well okay ok yeah yes like know mean gonna gotta got get
        client therapist practitioner clinician counsellor counselor patient session sessions discussion discussed
        say tell report state note mention describe express explain explore discuss share indicate identify acknowledge agree confirm deny
        ask answer respond reply talk speak explored feel felt feeling feelings think thought believe appear seem regarding during
        suggest reflect affirm observe voice wish difficulty readiness rating give information emotion audible technique
        theme topic issue matter concern use used using statement response therapy doubt
        currently overall although though because while whether however reported
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    // "gave" is "give" too. Read when first asked for: stems need the tables below.
    private static HashSet<string> IgnoredStems => field ??= [.. Ignored, .. Ignored.Select(Stem)];

    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["drank"] = "drink",
        ["drunk"] = "drink",
        ["slept"] = "sleep",
        ["went"] = "go",
        ["gone"] = "go",
        ["took"] = "take",
        ["taken"] = "take",
        ["came"] = "come",
        ["gave"] = "give",
        ["given"] = "give",
        ["made"] = "make",
        ["lost"] = "lose",
        ["kept"] = "keep",
        ["left"] = "leave",
        ["began"] = "begin",
        ["begun"] = "begin",
        ["broke"] = "break",
        ["broken"] = "break",
        ["knew"] = "know",
        ["saw"] = "see",
        ["seen"] = "see",
        ["found"] = "find",
        ["ran"] = "run",
        ["ate"] = "eat",
        ["eaten"] = "eat",
        ["bought"] = "buy",
        ["fought"] = "fight",
        ["met"] = "meet",
        ["told"] = "tell",
        ["said"] = "say",
        ["spoke"] = "speak",
        ["thought"] = "think",
        ["felt"] = "feel",
        ["woke"] = "wake",
        ["grew"] = "grow",
        ["smoker"] = "smoke",
        ["smokers"] = "smoke",
        ["drinker"] = "drink",
        ["drinkers"] = "drink",
        ["spent"] = "spend",
        ["wrote"] = "write",
        ["children"] = "child",
        ["kids"] = "child",
        ["kid"] = "child",
        ["mum"] = "mother",
        ["mom"] = "mother",
        ["dad"] = "father",
        ["mommy"] = "mother",
        ["daddy"] = "father",
    };

    private static readonly Dictionary<string, string> NumberWords = new(StringComparer.Ordinal)
    {
        ["two"] = "2",
        ["three"] = "3",
        ["four"] = "4",
        ["five"] = "5",
        ["six"] = "6",
        ["seven"] = "7",
        ["eight"] = "8",
        ["nine"] = "9",
        ["ten"] = "10",
        ["eleven"] = "11",
        ["twelve"] = "12",
        ["fifteen"] = "15",
        ["twenty"] = "20",
        ["thirty"] = "30",
        ["forty"] = "40",
        ["fifty"] = "50",
        ["hundred"] = "100",
        ["once"] = "1x",
        ["twice"] = "2x",
    };

    /// <summary>One spelling of quotes, apostrophes, case and white space; everything else stays.</summary>
    public static string Normalise(string text) =>
        WhiteSpace().Replace(text.Replace('’', '\'').Replace('‘', '\'').Replace('“', '"').Replace('”', '"'), " ").Trim().ToLowerInvariant();

    public static IEnumerable<string> Words(string text) => Word().Matches(Normalise(text)).Select(match => match.Value);

    /// <summary>Stems of the words that carry matter, numbers as digits.</summary>
    public static HashSet<string> ContentStems(string text) =>
        [.. Words(text).Where(word => !Ignored.Contains(word)).Select(Stem).Where(stem => (stem.Length > 1 || IsNumber(stem)) && !IgnoredStems.Contains(stem))];

    public static bool IsNumber(string stem) => stem.Length > 0 && char.IsAsciiDigit(stem[0]);

    public static string Stem(string word)
    {
        // "week's", "don't": the part before the apostrophe carries the matter.
        var stem = word.Split('\'')[0];
        if (NumberWords.TryGetValue(stem, out var number))
        {
            return number;
        }

        if (char.IsAsciiDigit(stem.FirstOrDefault()))
        {
            return stem;
        }

        if (Irregular.TryGetValue(stem, out var plain))
        {
            stem = plain;
        }

        foreach (var ending in (ReadOnlySpan<string>)["fulness", "fully", "iness", "ness", "ings", "ing", "ful", "ies", "ied", "ed", "es", "ly", "s", "y"])
        {
            if (stem.Length - ending.Length >= 3 && stem.EndsWith(ending, StringComparison.Ordinal) && !stem.EndsWith("ss", StringComparison.Ordinal))
            {
                stem = stem[..^ending.Length];
                break;
            }
        }

        // running -> runn -> run; smoke and smoking -> smok; cry and cries -> cr(i) meet without their vowel
        if (stem.Length > 3 && stem[^1] == stem[^2])
        {
            stem = stem[..^1];
        }

        return stem.Length > 3 && stem[^1] is 'e' or 'i' ? stem[..^1] : stem;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:'\p{L}+)?")]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
