using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Cuts a request into the goals it names, in their order: "Find X | and show me the last session".</summary>
internal sealed partial class GoalReader(LocalConversation conversation, ToolRanking ranking)
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public List<Goal> Read()
    {
        var goals = new List<Goal>();

        foreach (var clause in ClauseBorder().Split(conversation.Request).Where(part => !string.IsNullOrWhiteSpace(part)))
        {
            var tool = ranking.Best(clause, InContext(IntentReader.Read(clause), clause));

            if (tool is not null && (goals.Count == 0 || goals[^1].Tool.Name != tool.Name))
            {
                goals.Add(new(tool, clause.Trim()));
            }
            else if (goals.Count > 0)
            {
                // "..., and call it 'Week 3'" says more about the goal before it.
                goals[^1] = goals[^1] with { Text = $"{goals[^1].Text}, {clause.Trim()}" };
            }
        }

        return goals;
    }

    /// <summary>What a word means depends on what is on the screen and what was found before.</summary>
    private Intent InContext(Intent intent, string clause)
    {
        var acts = intent.Acts.ToDictionary();
        var things = intent.Things.ToDictionary();
        var screen = conversation.Screen;

        if (!things.ContainsKey(Thing.Session) && Pointing().IsMatch(clause)
            && (intent.Of(Act.Load) > 0 || intent.Of(Act.OpenOnScreen) > 0) && KnowsSessions())
        {
            things[Thing.Session] = 1.8;
        }

        if (things.ContainsKey(Thing.Session))
        {
            // Several sessions, a span of days or a question about which are a search; one session is to be read.
            if (ManySessions().IsMatch(clause) || WhenOrWhich().IsMatch(clause))
            {
                acts[Act.Find] = Math.Max(acts.GetValueOrDefault(Act.Find), 2.6);
                acts.Remove(Act.Load);
            }

            things[Thing.Client] = Math.Min(things.GetValueOrDefault(Thing.Client), 0.5);
            acts.Remove(Act.List);
        }

        if (acts.ContainsKey(Act.OpenOnScreen) && things.ContainsKey(Thing.Session))
        {
            acts.Remove(Act.Load);
        }

        if (acts.ContainsKey(Act.Select) && !things.ContainsKey(Thing.Template) && !things.ContainsKey(Thing.Client))
        {
            things[Thing.Template] = 1.4;
        }

        if (acts.ContainsKey(Act.Select) && things.ContainsKey(Thing.Template))
        {
            things.Remove(Thing.Document);
        }

        if (acts.ContainsKey(Act.Generate))
        {
            // "Write a progress note from the last session": the other things are only what it is made of.
            things = new() { [Thing.Document] = 2.0 };
        }
        else if (acts.ContainsKey(Act.Check))
        {
            things[Thing.Document] = Math.Max(things.GetValueOrDefault(Thing.Document), 1.4);
            things.Remove(Thing.Client);
        }
        else if (acts.ContainsKey(Act.Refine) && (things.ContainsKey(Thing.Document) || screen.Documents.Count > 0))
        {
            things = new() { [Thing.Document] = 2.0 };
        }

        if (acts.ContainsKey(Act.Summarise) && things.GetValueOrDefault(Thing.Client) > 0)
        {
            acts.Remove(Act.List);
            things[Thing.Client] = 2.0;
            things.Remove(Thing.Document);
        }

        return new(acts, things);
    }

    private bool KnowsSessions() =>
        conversation.Screen.Sessions.Count > 0 || conversation.Exchanges.Any(exchange => exchange.Name.Contains("session", StringComparison.Ordinal));

    [GeneratedRegex(@"(?:,\s*)?\b(?:and then|and|then|after that)\s+(?=(?:please |also )?(?:find|search|show|open|load|read|give|list|write|draft|generate|create|make|use|select|switch|check|tell|summari[sz]e|add|drop|remove|focus|call|name|mention|draft)\b)|[.;]\s+(?=\p{Lu})", Options)]
    private static partial Regex ClauseBorder();

    [GeneratedRegex(@"\b(it|this|that|those|these|them|one|ones|first|second|third|latest|last|newest)\b", Options)]
    private static partial Regex Pointing();

    [GeneratedRegex(@"\b(sessions|transcripts|appointments|recordings|meetings)\b(?! in (a )?(new )?tab)", Options)]
    private static partial Regex ManySessions();

    [GeneratedRegex(@"\b(when|which|how many|how often|mention(s|ed)?|came up|since|between)\b", Options)]
    private static partial Regex WhenOrWhich();
}
