using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Planning;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

/// <summary>What the model says when it will not or cannot do what is asked; it never calls a tool then.</summary>
internal static partial class Refusals
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly (string Tool, string Ability)[] Known =
    [
        ("search_clients", "find clients"),
        ("get_client_summary", "summarise a client's record"),
        ("search_sessions", "find sessions"),
        ("load_session", "load a transcript"),
        ("analyze_session_content", "analyse a session"),
        ("get_templates", "list templates"),
        ("generate_document_from_loaded", "write a document from a session"),
        ("generate_document_auto", "write a document from a session"),
        ("refine_document", "change a document"),
    ];

    /// <summary>A diagnosis or a prescription is a clinician's judgement; a text about one may still be written.</summary>
    public static string? Clinical(LocalConversation conversation)
    {
        var intent = IntentReader.Read(conversation.Request);

        return (Judgement().IsMatch(conversation.Request) && intent.Of(Act.Generate) == 0 && intent.Of(Act.Refine) == 0)
            ? "I cannot diagnose or advise on treatment or medication; that is for you to judge. I can show you what the record and the transcripts say."
            : null;
    }

    public static string Unserved(LocalConversation conversation) =>
        $"I cannot help with that here. {Abilities(conversation)}";

    public static string Abilities(LocalConversation conversation)
    {
        var abilities = Known.Where(known => conversation.Tool(known.Tool) is not null).Select(known => known.Ability).Distinct().ToList();

        return abilities.Count switch
        {
            0 => "On this page I have no tools to work with.",
            1 => $"What I can do is {abilities[0]}.",
            _ => $"I can {string.Join(", ", abilities[..^1])} and {abilities[^1]}.",
        };
    }

    [GeneratedRegex(@"\bdiagnos(e|is|es|able)\b|\bprescri(be|ption)\b|\b(medication|drug|dose|dosage|antidepressants?)\b.*\bshould\b|\bshould\b.*\b(take|medication|dose|dosage|be on)\b|\b(do|does|has|have|is|are)\b.*\b(disorder|bipolar|schizophreni\w+|borderline|clinically depressed|psychotic|autis\w+|adhd|ptsd)\b.*\?", Options)]
    private static partial Regex Judgement();
}
