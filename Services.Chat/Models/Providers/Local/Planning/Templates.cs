using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Which template a request means, and what it asks of the document made with it.</summary>
internal sealed partial class Templates(LocalConversation conversation)
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const double GoodMatch = 0.5;

    /// <summary>The template chosen last: by this run, else on the screen.</summary>
    public TemplateRef? Selected() =>
        conversation.Run.LastOrDefault(exchange => exchange.Name is "select_template_by_name" or "set_selected_template" && !exchange.Failed) is { } selection
            ? Of(selection).FirstOrDefault() ?? TemplateRef.From(selection.Arguments)
            : conversation.Screen.Template;

    /// <summary>A template written out in the request itself.</summary>
    public static string? ContentIn(string text) =>
        Quoted().Matches(text).Select(match => match.Value[1..^1]).FirstOrDefault(quoted => quoted.Contains('#', StringComparison.Ordinal))
        ?? (text.IndexOf("# ", StringComparison.Ordinal) is >= 0 and var start && text.Contains("\n#", StringComparison.Ordinal) ? text[start..].Trim() : null);

    /// <summary>The template's name as the request says it: 'Intake Assessment', "progress note".</summary>
    public static string? NameIn(string text)
    {
        if (Naming().Replace(text, "") is var plain && ShortQuote().Match(plain) is { Success: true } quoted)
        {
            return quoted.Value[1..^1].Trim();
        }

        if (Before().Match(plain) is { Success: true } before && Clean(before.Groups["name"].Value) is { } named)
        {
            return named;
        }

        return Kind().Matches(plain).Select(match => Clean(match.Value)).FirstOrDefault(kind => kind is not null);
    }

    public static bool Fits(string asked, string name)
    {
        var wanted = Tokens.Stems(asked).Except(["templat"]).ToList();
        var words = Tokens.Stems(name);
        return wanted.Count > 0 && wanted.All(words.Contains);
    }

    /// <summary>The template of that name in what get_templates answered; without a name, the only one there is.</summary>
    public Argument Choose(string? asked)
    {
        if (conversation.Answer("get_templates") is not { } answer)
        {
            return new NeededArgument("get_templates");
        }

        var found = Of(answer);

        if (found.Count == 0)
        {
            return new OpenArgument("I found no template, so I cannot write the document yet.");
        }

        if (asked is null)
        {
            return found.Count == 1 ? Argument.Of(found[0]) : new OpenArgument($"Which template shall I use? There are {Names(found)}.");
        }

        var wanted = Tokens.Stems(asked);
        var ranked = found.Select(template => (Template: template, Share: Share(wanted, Tokens.Stems(template.Name)))).OrderByDescending(pair => pair.Share).ToList();

        return ranked[0].Share < GoodMatch ? new OpenArgument($"I found no template called \"{asked}\". There are {Names(found)}.")
            : ranked.Count > 1 && ranked[1].Share == ranked[0].Share ? new OpenArgument($"Several templates fit \"{asked}\": {Names([.. ranked.Where(pair => pair.Share == ranked[0].Share).Select(pair => pair.Template)])}. Which one shall I use?")
            : Argument.Of(ranked[0].Template);
    }

    public static List<TemplateRef> Of(ToolExchange exchange) =>
        [.. JsonFields.Objects(exchange.Payload)
            .Where(json => JsonFields.Text(json, "template_id", "id") is not null || JsonFields.Text(json, "template_content", "content") is not null)
            .Select(TemplateRef.From).OfType<TemplateRef>().DistinctBy(template => template.Name)];

    private static double Share(List<string> wanted, List<string> words) =>
        wanted.Count == 0 ? 0 : (double)wanted.Count(words.Contains) / wanted.Count - (0.01 * words.Except(wanted).Count());

    private static string Names(IReadOnlyList<TemplateRef> templates) => string.Join(", ", templates.Take(12).Select(template => $"\"{template.Name}\""));

    private static string? Clean(string candidate)
    {
        var words = candidate.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => Filler().IsMatch(word)).ToList();
        return words.Count switch
        {
            0 => null,
            1 when Generic().IsMatch(words[0]) => null,
            _ => string.Join(' ', words),
        };
    }

    [GeneratedRegex("\"[^\"]{2,}\"|“[^”]{2,}”|(?<!\\w)'[^']{2,}'(?!\\w)|‘[^’]{2,}’", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex("\"[^\"#\\n]{2,80}\"|“[^”#\\n]{2,80}”|(?<!\\w)'[^'#\\n]{2,80}'(?!\\w)|‘[^’#\\n]{2,80}’")]
    private static partial Regex ShortQuote();

    // What the document shall be called is not the template's name.
    [GeneratedRegex("\\b(?:call|name|title) it\\s+(?:\"[^\"]*\"|“[^”]*”|'[^']*'|‘[^’]*’|\\S+)|\\b(?:called|named|titled)\\s+(?:\"[^\"]*\"|“[^”]*”|'[^']*')", Options)]
    private static partial Regex Naming();

    [GeneratedRegex(@"\b(?:use|using|select|switch(?: over)? to|choose|pick|apply|go with|with|set)\s+(?<name>(?:[\w\-/]+\s+){1,5}?)(?:template|format|layout|one)\b", Options)]
    private static partial Regex Before();

    [GeneratedRegex(@"\b(?:[\w\-/]+ ){0,3}(?:note|notes|summary|report|letter|assessment|plan|review)\b", Options)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^(?:a|an|the|my|our|another|new|short|shorter|brief|quick|full|detailed|clinical|write|draft|generate|create|make|produce|prepare|compose|up|me|please|use|using|select|switch|choose|to|over|from|this|that|it|of|for|and|with|now|can|you|could|her|his|their|template|session|proper|nice|good|selected|chosen|current|same)$", Options)]
    private static partial Regex Filler();

    [GeneratedRegex(@"^(?:note|notes|document|report|summary|letter|review|plan)$", Options)]
    private static partial Regex Generic();
}
