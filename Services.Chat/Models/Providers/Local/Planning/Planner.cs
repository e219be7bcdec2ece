using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Answering;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>
/// Decides the next step of a run: the first goal that is not reached yet, or the tool that gives what this goal still
/// misses. A failed call ends the plan, so a run never goes in circles.
/// </summary>
internal sealed class Planner(LocalConversation conversation)
{
    private const int MaxDepth = 4;
    private const double SamePerson = 0.5;

    private readonly ToolRanking _ranking = new(conversation.Tools);
    private readonly Arguments _arguments = new(conversation);
    private readonly Clients _clients = new(conversation);
    private readonly ClinicalSessions _sessions = new(conversation);
    private readonly Templates _templates = new(conversation);

    public Step Next()
    {
        if (conversation.Run.LastOrDefault() is { Failed: true } failed)
        {
            return new SayStep(Failures.Tell(failed));
        }

        if (SmallTalk.Answer(conversation) is { } words)
        {
            return new SayStep(words);
        }

        if (Refusals.Clinical(conversation) is { } refusal)
        {
            return new SayStep(refusal);
        }

        var goals = new GoalReader(conversation, _ranking).Read();

        if (goals.Count == 0)
        {
            return new SayStep(Refusals.Unserved(conversation));
        }

        foreach (var (goal, index) in goals.Select((goal, index) => (goal, index)))
        {
            var earlier = goals.Take(index).Count(other => other.Tool.Name == goal.Tool.Name);

            if (!IsReached(goal, earlier))
            {
                return Toward(goal, 0);
            }
        }

        return new SayStep(Answers.Tell(conversation, goals));
    }

    private bool IsReached(Goal goal, int earlier) =>
        IsGenerating(goal.Tool) ? conversation.Run.Any(exchange => exchange.Name.StartsWith("generate_document", StringComparison.Ordinal))
        : conversation.Run.Count(exchange => exchange.Name == goal.Tool.Name) > earlier;

    private static bool IsGenerating(ToolProfile tool) => tool.Name.StartsWith("generate_document", StringComparison.Ordinal);

    private Step Toward(Goal goal, int depth)
    {
        if (IsGenerating(goal.Tool))
        {
            return TowardDocument(goal, depth);
        }

        var single = goal.Tool.Required.Contains("session_id") || depth > 0;
        return Call(goal.Tool, goal.Text, single, depth);
    }

    private Step TowardDocument(Goal goal, int depth)
    {
        var written = Templates.ContentIn(goal.Text);
        var asked = written is null ? Templates.NameIn(goal.Text) : null;
        var selected = _templates.Selected();

        if (WrongClient(goal.Text) is { } question)
        {
            return new SayStep(question);
        }

        if (_sessions.Loaded().Count == 0 && _ranking.Profile("load_session") is { } load)
        {
            return Call(load, goal.Text, single: true, depth + 1);
        }

        if (written is null && NeedsSelection(asked, selected) && _ranking.Profile("select_template_by_name") is { } select)
        {
            return Call(select, goal.Text, single: true, depth + 1);
        }

        var automatic = _ranking.Profile("generate_document_auto");
        var given = _ranking.Profile("generate_document_from_loaded");
        var tool = written is null && selected is not null && !NeedsSelection(asked, selected) ? automatic ?? given : given ?? automatic;

        return tool is null ? new SayStep("I cannot generate a document here.")
            : tool == automatic && selected is null ? new SayStep("No template is selected yet. Please choose one, then I can write the document.")
            : Call(tool, goal.Text, single: true, depth + 1);
    }

    // A document is never written from just any session: not about another client than the one named, nor about one nobody named.
    private string? WrongClient(string text)
    {
        var loaded = _sessions.Loaded();

        if (loaded.Count == 0)
        {
            return _sessions.Resolve(text) is NeededArgument && IntentReader.Read(text).Of(Thing.Session) == 0 && _clients.Resolve(text) is OpenArgument open
                ? open.Say
                : null;
        }

        return PersonNames.Find(text) is { } name && Regex.IsMatch(text, $@"\b(for|about|on|with|of)\s+{Regex.Escape(name)}", RegexOptions.IgnoreCase)
            && loaded.All(session => session.ClientName is { } other && PersonNames.Likeness(name, other) < SamePerson)
                ? $"The open session is with {loaded[^1].ClientName}, not with {name}. Shall I load a session with {name} first?"
                : null;
    }

    // What this run selected stands, also when the template bears the name in other words.
    private bool NeedsSelection(string? asked, TemplateRef? selected) =>
        asked is not null && (selected is null || !Templates.Fits(asked, selected.Name))
        && conversation.Answer("select_template_by_name") is null;

    private Step Call(ToolProfile tool, string text, bool single, int depth)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);

        foreach (var (name, schema) in tool.Parameters)
        {
            var required = tool.Required.Contains(name);

            switch (_arguments.Find(name, schema, tool.Name, text, required, single))
            {
                case ValueArgument value:
                    values[name] = value.Value;
                    break;

                case OpenArgument open when required || open.Stops:
                    return new SayStep(open.Say);

                case NeededArgument needed when required:
                    return Provide(needed, name, text, depth);
            }
        }

        return new CallStep(tool.Name, values);
    }

    private Step Provide(NeededArgument needed, string parameter, string text, int depth)
    {
        var provider = needed.Providers.Select(_ranking.Profile).FirstOrDefault(profile => profile is not null);

        return provider is null || depth >= MaxDepth || conversation.Run.Any(exchange => exchange.Name == provider.Name)
            ? new SayStep($"I could not find out which {parameter.Replace("_id", "", StringComparison.Ordinal).Replace('_', ' ')} you mean.")
            : Call(provider, text, single: true, depth + 1);
    }
}
