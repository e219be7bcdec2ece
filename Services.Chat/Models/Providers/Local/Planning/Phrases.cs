using System.Globalization;
using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Small pieces a request carries: topics, numbers, titles, wishes.</summary>
internal static partial class Phrases
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>What sessions shall be about: "which mention panic attacks" gives "panic attacks".</summary>
    public static string? Topic(string text)
    {
        var match = CameUp().Match(text) is { Success: true } cameUp ? cameUp : About().Match(text);
        return match.Success && match.Groups["topic"].Value.Trim() is { Length: > 2 } topic && Tokens.Stems(topic).Count > 0 ? topic : null;
    }

    /// <summary>"the last 3 sessions", "top 5".</summary>
    public static int? Limit(string text) =>
        Number().Match(text) is { Success: true } match && int.TryParse(match.Groups["n"].Value, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 100
            ? number
            : null;

    /// <summary>"call it 'Week 3 review'".</summary>
    public static string? Title(string text) =>
        Titled().Match(text) is { Success: true } match ? match.Groups["title"].Value.Trim(' ', '\'', '"', '“', '”', '‘', '’', '.', ',') : null;

    /// <summary>"focus on sleep", "keep it short": wishes that go along with a document.</summary>
    public static string? Wishes(string text) =>
        Wish().Matches(text) is { Count: > 0 } wishes ? string.Join("; ", wishes.Select(wish => wish.Value.Trim())) : null;

    [GeneratedRegex(@"\bwhere (?:\w+ talked about )?(?<topic>.+?) (?:came|comes|come|was|were|is|are) (?:up|mentioned|discussed|raised)\b", Options)]
    private static partial Regex CameUp();

    [GeneratedRegex(@"\b(?:about|mention(?:s|ed|ing)?|regarding|concerning|discuss(?:es|ed|ing)?|on the topic of|talk(?:s|ed|ing)? about|say about|to do with)\s+(?:the\s+)?(?<topic>[^?.!,]+?)(?=\s+(?:with|since|last|in (?:the|january|february|march|april|may|june|july|august|september|october|november|december)|between|during)\b|[?.!,]|$)", Options)]
    private static partial Regex About();

    [GeneratedRegex(@"\b(?:last|top|first|latest|newest|recent|up to|limit)\s+(?<n>\d{1,3})\b(?!\s*(?:day|week|month|year|st|nd|rd|th))", Options)]
    private static partial Regex Number();

    [GeneratedRegex("\\b(?:call it|name it|title it|(?:document|note|it) (?:called|named|titled)|rename (?:it|the \\w+|this|that \\w+) to|under the (?:name|title))\\s+(?<title>\"[^\"]+\"|“[^”]+”|'[^']+'|‘[^’]+’|[^,.;?!]+)", Options)]
    private static partial Regex Titled();

    [GeneratedRegex(@"\b(?:focus(?:ing)? (?:more )?on|emphasi[sz](?:e|ing)|keep(?:ing)? it|mention(?:ing)?|leav(?:e|ing) out|without|includ(?:e|ing)|in (?:the )?(?:first|third) person|briefly|as short as possible)\b[^,.;]*", Options)]
    private static partial Regex Wish();
}
