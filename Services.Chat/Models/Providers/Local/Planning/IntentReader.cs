using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Reads verbs, question forms, things and possessives. Each pattern that meets adds its weight.</summary>
internal static partial class IntentReader
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly (Act Act, double Weight, Regex Pattern)[] Acts =
    [
        (Act.Find, 2.0, new(@"\b(find|look(ing)? (up|for)|search|locate|track down|pull up)\b", Options)),
        (Act.Find, 1.6, new(@"\b(do we have|is there|are there|have we got)\b", Options)),
        (Act.Find, 2.0, new(@"\b(who is|who's)\b", Options)),
        (Act.Find, 1.2, new(@"\b(which|when did|when was|when were|how many|how often|mention(s|ed|ing)?|came up|comes up)\b", Options)),
        (Act.Find, 0.8, new(@"\b(i need|get me|bring me)\b", Options)),
        (Act.List, 1.6, new(@"\b(list|which|what (\w+ )?(templates|formats|sessions|clients|practitioners|documents))\b|\b(show|give)( me)? (all|the list)\b", Options)),
        (Act.List, 0.8, new(@"\b(what|all)\b", Options)),
        (Act.Summarise, 2.2, new(@"\b(overview|summari[sz]e|sum up|recap|background|brief me|fill me in)\b|\bsummary of\b", Options)),
        (Act.Summarise, 1.8, new(@"\bhow (is|are|has|have)\b.*\b(doing|been|getting on|going|progressing)\b|\bwhere \w+( \w+)? stands?\b|\btell me (more )?about\b", Options)),
        (Act.Summarise, 1.4, new(@"\b(status|goals?|concerns?|presenting|diagnos\w+ on file|progress (so far|overall))\b", Options)),
        (Act.Analyse, 2.6, new(@"\b(analy[sz](e|es|ed|ing)|analysis|topics?|themes?|sentiment)\b", Options)),
        (Act.Load, 2.0, new(@"\b(load|read|open|view|show|see|display|play back|go through)\b", Options)),
        (Act.Load, 1.8, new(@"\bwhat did (\w+ ){1,3}(say|said|mention|talk|report|tell)\b|\bwhat was (said|discussed|talked)\b", Options)),
        (Act.OpenOnScreen, 2.6, new(@"\b(in|as) (a |an )?(new |separate )?tab\b|\b(on|onto|up on) (my |the )?screen\b|\btabs?\b", Options)),
        (Act.Select, 2.2, new(@"\b(select|switch|choose|pick|apply|go with|set)\b", Options)),
        (Act.Select, 1.8, new(@"\buse\b(?! (this|the following) text)", Options)),
        (Act.Check, 2.6, new(@"\b(ready|readiness|missing|prerequisites?|can i (now )?(generate|write|create))\b", Options)),
        (Act.Check, 1.6, new(@"\bwhat (else|do i|more)\b.*\bneed\b|\bneed(ed)? before\b|\bbefore (i|we) (can )?\b", Options)),
        (Act.Generate, 2.4, new(@"\b(write|generate|draft|create|make|produce|prepare|compose|write up|writing)\b", Options)),
        (Act.Refine, 2.4, new(@"\b(shorter|longer|shorten|lengthen|expand|reword|rewrite|rephrase|revise|refine|edit|amend|rename|condense|tighten)\b", Options)),
        (Act.Refine, 2.2, new(@"\b(add|drop|remove|delete|take out|cut|leave out|include|insert)\b.*\b(section|paragraph|heading|part|sentence|about|mention)\b|\bmention\b(?!s|ed)", Options)),
        (Act.Refine, 1.4, new(@"\b(focus|more|less) (more |less )?(on|formal|detail(ed)?|concise)\b|\byou (just )?(wrote|generated|made|drafted)\b|\bchange\b", Options)),
        (Act.Navigate, 2.4, new(@"\b(navigate|take me|go) to\b.*\b(page|screen|settings|dashboard|list)\b", Options)),
    ];

    private static readonly (Thing Thing, double Weight, Regex Pattern)[] Things =
    [
        (Thing.Client, 1.6, new(@"\b(clients?|patients?|anyone|anybody|someone|somebody|people|person|surname|caseload|on the books)\b", Options)),
        (Thing.Session, 1.8, new(@"\b(sessions?|transcripts?|appointments?|meetings?|recordings?|recorded|meet|met|last time)\b", Options)),
        (Thing.Template, 2.0, new(@"\b(templates?|formats?|layouts?)\b", Options)),
        (Thing.Document, 1.6, new(@"\b(documents?|notes?|letters?|reports?|write-?up|drafts?|draft it|write it)\b", Options)),
        (Thing.Practitioner, 1.6, new(@"\b(practitioners?|therapists?|colleagues?|staff)\b", Options)),
        (Thing.Practice, 1.4, new(@"\b(practice|clinic)\b", Options)),
        (Thing.Homework, 1.8, new(@"\b(homework|assignments?)\b", Options)),
        (Thing.Mood, 1.6, new(@"\bmood\b", Options)),
        (Thing.Conversation, 1.6, new(@"\b(conversations?|chats?|messages?)\b", Options)),
        (Thing.Page, 1.6, new(@"\b(page|dashboard|settings)\b", Options)),
    ];

    public static Intent Read(string text)
    {
        // What stands in quotes is matter, not a request.
        var asked = Quoted().Replace(text, " ");
        var acts = new Dictionary<Act, double>();
        var things = new Dictionary<Thing, double>();

        foreach (var (act, weight, pattern) in Acts)
        {
            if (pattern.IsMatch(asked))
            {
                acts[act] = Math.Max(acts.GetValueOrDefault(act), weight) + (acts.ContainsKey(act) ? 0.4 : 0);
            }
        }

        foreach (var (thing, weight, pattern) in Things)
        {
            if (pattern.IsMatch(asked))
            {
                things[thing] = weight;
            }
        }

        // Somebody named or meant is a weak sign of a client: most requests about sessions name one too.
        if (!things.ContainsKey(Thing.Client) && (PersonNames.Find(text) is not null || Pronoun().IsMatch(asked)))
        {
            things[Thing.Client] = 0.7;
        }

        return new(acts, things);
    }

    [GeneratedRegex("\"[^\"]*\"|“[^”]*”|(?<!\\w)'[^']*'(?!\\w)|‘[^’]*’")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(she|her|hers|he|him|his|they|them|their|this client|that client)\b", Options)]
    private static partial Regex Pronoun();
}
