using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>Quotations inside a sentence: "..." or “...”.</summary>
internal static partial class QuotedWords
{
    public static IReadOnlyList<string> In(string sentence) =>
        [.. Quotation().Matches(sentence).Select(match => match.Groups["words"].Value)];

    public static string Without(string sentence) => Quotation().Replace(sentence, " ");

    /// <summary>
    /// True when the words stand in the text as quoted, white space, case and the punctuation at their ends aside. An
    /// ellipsis stands for left-out words: the pieces must follow each other.
    /// </summary>
    public static bool Occur(string quotation, string text)
    {
        // Quotations inside a quotation change their marks.
        var haystack = Wording.Normalise(text).Replace('"', '\'');
        var from = 0;
        var pieces = Ellipsis().Split(Wording.Normalise(quotation).Replace('"', '\'')).Select(piece => piece.Trim(TrimmedPunctuation)).Where(piece => piece.Length > 0);

        foreach (var piece in pieces)
        {
            var found = IndexOfWhole(haystack, piece, from);
            if (found < 0)
            {
                return false;
            }

            from = found + piece.Length;
        }

        return from > 0;
    }

    private static readonly char[] TrimmedPunctuation = [' ', '.', ',', ';', ':', '!', '?', '-', '–', '—', '\'', '"'];

    // "art" is not in "start".
    private static int IndexOfWhole(string text, string piece, int from)
    {
        for (var at = text.IndexOf(piece, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(piece, at + 1, StringComparison.Ordinal))
        {
            var end = at + piece.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return at;
            }
        }

        return -1;
    }

    [GeneratedRegex("""["“”](?<words>[^"“”]+)["“”]""")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"\.{3,}|…|\[\.\.\.\]")]
    private static partial Regex Ellipsis();
}
