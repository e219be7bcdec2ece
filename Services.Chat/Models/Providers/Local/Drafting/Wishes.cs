using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>What the instructions of a document ask for, as far as an extractive writer can do it.</summary>
/// <param name="Dropped">Headings to leave out.</param>
/// <param name="Renamed">Old heading, new heading.</param>
/// <param name="NotDone">What was asked for and cannot be done.</param>
internal sealed partial record Wishes(
    bool Shorter,
    bool Longer,
    IReadOnlyList<string> Focus,
    IReadOnlyList<string> Mention,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<(string From, string To)> Renamed,
    IReadOnlyList<string> NotDone)
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public bool IsEmpty => !Shorter && !Longer && Focus.Count == 0 && Mention.Count == 0 && Added.Count == 0 && Dropped.Count == 0 && Renamed.Count == 0 && NotDone.Count == 0;

    public static Wishes Read(string? instructions, IReadOnlyList<string> headings)
    {
        var text = instructions?.Trim() ?? "";
        var dropped = new List<string>();
        var notDone = new List<string>();

        foreach (Match match in Drop().Matches(text))
        {
            var heading = Heading(match.Groups["what"].Value, headings);
            (heading is null ? notDone : dropped).Add(heading ?? $"There is no section \"{match.Groups["what"].Value.Trim()}\" to take out.");
        }

        var renamed = new List<(string, string)>();

        foreach (Match match in Rename().Matches(text))
        {
            if (Heading(match.Groups["from"].Value, headings) is { } from)
            {
                renamed.Add((from, Title(match.Groups["to"].Value)));
            }
            else
            {
                notDone.Add($"There is no section \"{match.Groups["from"].Value.Trim()}\" to rename.");
            }
        }

        List<string> added = [.. Add().Matches(text).Select(match => Title((match.Groups["after"].Success ? match.Groups["after"] : match.Groups["before"]).Value)).Where(title => title.Length > 0)];
        var plain = Add().Replace(Drop().Replace(Rename().Replace(text, " "), " "), " ");
        List<string> focus = [.. Focusing().Matches(plain).SelectMany(match => Tokens.Stems(match.Groups["what"].Value)).Distinct()];
        List<string> mention = [.. Mentioning().Matches(plain).Select(match => match.Groups["what"].Value.Trim(' ', '"', '\'', '“', '”')).Where(what => what.Length > 1)];

        if (Style().Match(plain) is { Success: true } style)
        {
            notDone.Add($"The local model keeps to the speakers' words, so it did not change the style (\"{style.Value.Trim()}\").");
        }

        var wishes = new Wishes(Short().IsMatch(plain), Long().IsMatch(plain), focus, mention, added, dropped, renamed, notDone);

        return wishes.IsEmpty && text.Length > 0
            ? wishes with { NotDone = [$"The local model can shorten, lengthen, add, drop or rename sections, focus on a topic and mention something said; it could not carry out \"{text}\"."] }
            : wishes;
    }

    /// <summary>The same wishes for a document whose headings are fixed: what was to get a section of its own is only mentioned.</summary>
    public Wishes Within(IReadOnlyList<string> allowed)
    {
        if (allowed.Count == 0)
        {
            return this;
        }

        List<string> foreign = [.. Added.Where(heading => !allowed.Contains(heading, StringComparer.OrdinalIgnoreCase))];
        List<(string From, string To)> unnameable = [.. Renamed.Where(renamed => !allowed.Contains(renamed.To, StringComparer.OrdinalIgnoreCase))];

        return this with
        {
            Added = [.. Added.Except(foreign)],
            Mention = [.. Mention, .. foreign],
            Renamed = [.. Renamed.Except(unnameable)],
            NotDone =
            [
                .. NotDone,
                .. foreign.Select(heading => $"The template has no section \"{heading}\"; what was said about it stands under another heading."),
                .. unnameable.Select(renamed => $"The template names its sections, so \"{renamed.From}\" was not renamed."),
            ],
        };
    }

    private static string? Heading(string what, IReadOnlyList<string> headings)
    {
        var wanted = Tokens.Stems(what);
        return wanted.Count == 0 ? null : headings.FirstOrDefault(heading => Tokens.Stems(heading) is var words && wanted.All(words.Contains));
    }

    private static string Title(string text)
    {
        var trimmed = text.Trim(' ', '"', '\'', '“', '”', '‘', '’', '.', ',');
        return trimmed.Length == 0 ? "" : char.ToUpperInvariant(trimmed[0]) + trimmed[1..];
    }

    [GeneratedRegex(@"\b(short(er|en)?|condense|tighten|brief(er|ly)?|concise|more compact|less detail|cut (it|this) down)\b", Options)]
    private static partial Regex Short();

    [GeneratedRegex(@"\b(longer|lengthen|expand|more detail(s|ed)?|extend|elaborate|in (more )?depth)\b", Options)]
    private static partial Regex Long();

    [GeneratedRegex(@"\b(?:drop|remove|delete|take out|leave out|omit|without|get rid of)\s+(?:the\s+|a\s+|any\s+)?[""“']?(?<what>[\w /&\-]+?)[""”']?\s+(?:section|part|paragraph|heading)s?\b", Options)]
    private static partial Regex Drop();

    [GeneratedRegex(@"\badd(?:ing)?\s+(?:a\s+|another\s+)?(?:(?:new\s+)?(?:section|paragraph|heading|part)\s+(?:about|on|for|called|named|titled|with|regarding)\s+(?:the\s+)?[""“']?(?<after>[^""”'.,;]+?)(?=[""”'.,;]|\s+(?:to (?:the|it|this|what)|and)\b|$)|[""“']?(?<before>[\w /&\-]+?)[""”']?\s+(?:section|paragraph|heading))", Options)]
    private static partial Regex Add();

    [GeneratedRegex(@"\b(?:rename|change the (?:heading|title|name) (?:of )?|call)\s+(?:the\s+)?[""“']?(?<from>[\w /&\-]+?)[""”']?(?:\s+(?:section|heading))?\s+(?:to|as|into)\s+[""“']?(?<to>[^""”'.,;]+)[""”']?", Options)]
    private static partial Regex Rename();

    [GeneratedRegex(@"\b(?:focus(?:ing|ed)?|concentrate|emphasi[sz]e|emphasis|centre|center|more weight|put more)\s*(?:more |mainly |only )?(?:on\s+)?(?:the\s+)?(?<what>[^.,;]+)", Options)]
    private static partial Regex Focusing();

    [GeneratedRegex(@"\b(?:mention(?:ing)?|include|including|add that|add|note that|bring in)\s+(?:that\s+|the\s+|something about\s+|a (?:sentence|line) (?:about|on)\s+)?(?<what>[^.,;]+)", Options)]
    private static partial Regex Mentioning();

    [GeneratedRegex(@"\b(formal|informal|reword|rephrase|friendlier|warmer|tone|style|translate|in (spanish|french|german|first person|third person)|bullet points?|passive|simpler|plain language)\b", Options)]
    private static partial Regex Style();
}
