using System.Globalization;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Words;

/// <summary>Splits text into words, and counts what a call cost.</summary>
internal static class Tokens
{
    /// <summary>Words in lower case without punctuation; an apostrophe or hyphen inside a word stays.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var start = -1;

        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && (char.IsLetterOrDigit(text[i])
                || (start >= 0 && i + 1 < text.Length && text[i] is '\'' or '’' or '-' && char.IsLetterOrDigit(text[i + 1])));

            if (inside)
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                words.Add(text[start..i].Replace('’', '\'').ToLower(CultureInfo.InvariantCulture));
                start = -1;
            }
        }

        return words;
    }

    /// <summary>Stems of the words that carry meaning, in the order of the text.</summary>
    public static List<string> Stems(string text) =>
        [.. Of(text).Where(word => !StopWords.Contains(word)).Select(Stemmer.Stem)];

    /// <summary>
    /// What usage counts: a run of letters or digits is one token for each four characters begun, any other visible
    /// character is one. Close to what byte-pair encodings give for English, and the same on every machine.
    /// </summary>
    public static int Count(string text)
    {
        var count = 0;
        var run = 0;

        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                count += run++ % 4 == 0 ? 1 : 0;
                continue;
            }

            run = 0;
            count += char.IsWhiteSpace(character) ? 0 : 1;
        }

        return count;
    }
}
