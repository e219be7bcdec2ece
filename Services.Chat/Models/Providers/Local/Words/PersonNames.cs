using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Words;

/// <summary>Finds the person a request names: "called Tom Becker", "Maria Lopez's last session", "find maria lopez".</summary>
internal static partial class PersonNames
{
    private static readonly HashSet<string> NotNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "find", "search", "look", "looking", "show", "open", "load", "list", "give", "get", "pull", "bring", "tell", "write", "draft", "generate", "create", "make",
        "summarise", "summarize", "please", "hello", "hi", "hey", "thanks", "thank", "use", "switch", "select", "choose", "which", "what", "when",
        "where", "who", "how", "why", "is", "are", "do", "does", "did", "can", "could", "would", "will", "should", "was", "were", "have", "has",
        "the", "a", "an", "this", "that", "these", "those", "my", "our", "her", "his", "their", "i", "we", "you", "she", "he", "they", "it",
        "me", "us", "all", "any", "anyone", "someone", "somebody", "anybody", "client", "clients", "session", "sessions", "transcript",
        "transcripts", "template", "templates", "note", "notes", "document", "documents", "record", "records", "file", "files", "and", "or", "with", "for", "from", "of",
        "in", "on", "at", "to", "about", "last", "latest", "newest", "recent", "most", "first", "second", "third", "next", "soap", "dap", "birp",
        "progress", "intake", "assessment", "summary", "overview", "report", "letter", "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", "today", "yesterday", "tomorrow", "week", "month", "year", "since", "before", "after", "between", "during", "put", "read",
        "drop", "add", "remove", "go", "book", "check", "now", "then", "by", "named", "called", "new", "please,", "ok", "okay", "yes", "no", "up", "mr", "mrs", "ms",
        "dr", "as", "if", "there", "here", "not", "some", "every", "each", "review", "plan", "one", "ones", "appointment", "appointments",
        "practice", "clinic", "page", "screen", "tab", "again", "also", "just", "need", "want", "like", "currently", "who's", "what's", "let's", "doing",
    };

    /// <returns>Null when nobody is named.</returns>
    public static string? Find(string text)
    {
        if (Cue().Match(text) is { Success: true } cue && Clean(cue.Groups["name"].Value) is { } named)
        {
            return named;
        }

        foreach (Match match in Capitalised().Matches(text))
        {
            if (Clean(match.Value) is { } name)
            {
                return name;
            }
        }

        return Lower().Match(text) is { Success: true } lower ? Clean(lower.Groups["name"].Value) : null;
    }

    /// <summary>0 for a stranger, 1 for the same name; a part of the name counts by its share.</summary>
    public static double Likeness(string asked, string name)
    {
        var wanted = Tokens.Of(asked);
        var words = Tokens.Of(name);

        if (wanted.Count == 0 || words.Count == 0)
        {
            return 0;
        }

        var met = wanted.Count(word => words.Contains(word)) + (0.5 * wanted.Count(word =>
            !words.Contains(word) && word.Length > 2 && words.Any(other => other.StartsWith(word, StringComparison.Ordinal))));

        return met / Math.Max(wanted.Count, words.Count);
    }

    private static string? Clean(string candidate)
    {
        var words = candidate.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.EndsWith("'s", StringComparison.Ordinal) || word.EndsWith("’s", StringComparison.Ordinal) ? word[..^2] : word)
            .SkipWhile(NotNames.Contains)
            .TakeWhile(word => !NotNames.Contains(word))
            .ToList();

        return words.Count == 0 || words[0].Length < 2 ? null : string.Join(' ', words);
    }

    [GeneratedRegex(@"\b(?:called|named|surname|name is|by the name of)\s+['""“‘]?(?<name>[\p{L}][\p{L}'’\-]*(?:\s+\p{Lu}[\p{L}'’\-]*){0,3})", RegexOptions.IgnoreCase)]
    private static partial Regex Cue();

    [GeneratedRegex(@"\b\p{Lu}[\p{L}'’\-]+(?:\s+(?:(?:van|de|der|da|la|von|el|al)\s+)*\p{Lu}[\p{L}'’\-]+){0,3}")]
    private static partial Regex Capitalised();

    // People type names in lower case too; then only a plain cue before them tells.
    [GeneratedRegex(@"\b(?:find|look up|search for|search|pull up|sessions? (?:with|of|for)|client|record of|summary of|overview of)\s+(?:(?:a|the|my|our)\s+)?(?:client\s+)?(?<name>\p{Ll}[\p{Ll}'’\-]+(?:\s+\p{Ll}[\p{Ll}'’\-]+)?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Lower();
}
