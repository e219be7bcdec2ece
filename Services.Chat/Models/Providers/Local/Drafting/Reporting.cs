using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>Turns what somebody said into a sentence of a note, in the third person or in the speaker's own quoted words.</summary>
internal static partial class Reporting
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const int LongestReported = 28;
    private const int LongestQuote = 45;

    private static readonly (Regex From, string To)[] ThirdPerson =
    [
        (new(@"\bI'm\b|\bI am\b", RegexOptions.None), "they are"),
        (new(@"\bI've\b", RegexOptions.None), "they have"),
        (new(@"\bI'd\b", RegexOptions.None), "they'd"),
        (new(@"\bI'll\b", RegexOptions.None), "they will"),
        (new(@"\bI was\b", RegexOptions.None), "they were"),
        (new(@"\bI wasn't\b", RegexOptions.None), "they weren't"),
        (new(@"\bI\b(?!['’])", RegexOptions.None), "they"),
        (new(@"\bmyself\b", Options), "themselves"),
        (new(@"\bmine\b", Options), "theirs"),
        (new(@"\bmy\b", Options), "their"),
        (new(@"\bme\b", Options), "them"),
    ];

    public static DraftSentence Statement(Statement statement, int position)
    {
        if (statement.AnswerTo is { } question && statement.Stems.Count < 4 && question.WordCount <= LongestReported)
        {
            return new($"Asked {Quote(question)}, {Subject(statement)} answered {Quote(statement)}.", [.. question.SegmentIds.Concat(statement.SegmentIds).Distinct()]);
        }

        return InThirdPerson(statement) is { } reported
            ? new($"{Lead(statement, position)} that {reported}.", [.. statement.SegmentIds])
            : Said(statement, position % 2 == 0 ? "reported" : "said");
    }

    public static DraftSentence Said(Statement statement, string verb) => new($"{Upper(Subject(statement))} {verb}: {Quote(statement)}.", [.. statement.SegmentIds]);

    public static DraftSentence Intends(Statement statement) =>
        InThirdPerson(statement) is { } reported
            ? new($"{Upper(Subject(statement))} said that {reported}.", [.. statement.SegmentIds])
            : Said(statement, "said");

    /// <summary>One quotation a part, so that each stands word for word in its segment.</summary>
    public static string Quote(Statement statement) =>
        string.Join(" ... ", statement.Parts.Select(part => $"\"{Cut(part.Text)}\""));

    private static string Subject(Statement statement) => statement.Role switch
    {
        SpeakerRole.Client => "the client",
        SpeakerRole.Therapist => "the therapist",
        _ => statement.Speaker.Length == 0 ? "another speaker" : statement.Speaker,
    };

    private static string Lead(Statement statement, int position) => (position % 3) switch
    {
        0 => $"{Upper(Subject(statement))} reported",
        1 when statement.Role == SpeakerRole.Client => "They said",
        2 => $"{Upper(Subject(statement))} stated",
        _ => $"{Upper(Subject(statement))} said",
    };

    // Only sentences whose persons are certain are turned; "you" may be anybody, and half sentences stay as they were said.
    private static string? InThirdPerson(Statement statement)
    {
        var text = statement.Text.TrimEnd('.', '!', ' ', '…');

        if (statement.Role != SpeakerRole.Client || statement.Parts.Count > 1 || statement.WordCount > LongestReported
            || !Opening().IsMatch(text) || Uncertain().IsMatch(text) || statement.IsQuestion)
        {
            return null;
        }

        text = Trailing().Replace(Inner().Replace(text, " "), "").Replace("  ", " ", StringComparison.Ordinal);

        foreach (var (from, to) in ThirdPerson)
        {
            text = from.Replace(text, to);
        }

        return char.ToLowerInvariant(text[0]) + text[1..];
    }

    private static string Cut(string text)
    {
        var words = text.Split(' ');

        if (words.Length <= LongestQuote)
        {
            return text.TrimEnd('.', ' ');
        }

        // Broken at a comma where there is one, so that the quotation ends with a thought.
        var head = string.Join(' ', words[..LongestQuote]);
        var comma = head.LastIndexOf(',');
        return comma > head.Length / 2 ? head[..comma] : head;
    }

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"^(?:I|I'm|I've|I'd|I'll|My|It's|It|He|She|They|There's|There)\b", RegexOptions.None)]
    private static partial Regex Opening();

    [GeneratedRegex("\\b(?:you|your|you're|you've|yours|we|we're|us|our|let's|mean|whatever|wanna|gonna|gotta|kinda|is I|am I|was I|this|here)\\b|--|–|—|\\.\\.\\.|…|[\"“”\\[\\]()!:;]|,\\s*(?:right|you know)|\\b(\\w+),? \\1\\b|['’]s like\\b|\\bbe like\\b|\\bI'?m? like\\b|-$|,$|\\w-\\s|\\b(\\w{1,4})-\\2", Options)]
    private static partial Regex Uncertain();

    // "..., so." ends in the air.
    [GeneratedRegex(@"[,\s]+(?:so|and|but|though|right)$", Options)]
    private static partial Regex Trailing();

    [GeneratedRegex(@",?\s*\b(?:um+|uh+|er+|you know|like,|i mean)\b,?\s*", Options)]
    private static partial Regex Inner();
}
