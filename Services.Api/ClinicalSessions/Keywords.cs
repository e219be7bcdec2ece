using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Words as the full-text index keeps them: folded, letters and digits only.</summary>
internal static class Keywords
{
    private const int MaxWords = 12;

    // What InnoDB leaves out of its index (innodb_ft_min_token_size and its default stop words) would match nothing when asked for.
    private const int ShortestIndexed = 3;
    private static readonly HashSet<string> NotIndexed =
        ["about", "are", "com", "for", "from", "how", "that", "the", "this", "was", "what", "when", "where", "who", "will", "with", "und", "www"];

    /// <returns>Title and texts as one line of folded words.</returns>
    public static string WordsOf(string title, IEnumerable<string> texts) => string.Join(' ', Split(string.Join(' ', texts.Prepend(title))));

    /// <returns>The words of a query that can be looked up; none when there are only short and common ones.</returns>
    public static IReadOnlyList<string> Read(string? query) =>
        [.. Split(query ?? "").Where(word => word.Length >= ShortestIndexed && !NotIndexed.Contains(word)).Distinct().Take(MaxWords)];

    private static string[] Split(string text)
    {
        var words = NameFolding.Fold(text).ToCharArray();
        for (var index = 0; index < words.Length; index++)
        {
            if (!char.IsLetterOrDigit(words[index]))
            {
                words[index] = ' ';
            }
        }

        return new string(words).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
