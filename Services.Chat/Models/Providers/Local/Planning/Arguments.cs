using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Fills one parameter of a tool from the request, from what was found before, from the screen.</summary>
internal sealed partial class Arguments(LocalConversation conversation)
{
    private readonly Clients _clients = new(conversation);
    private readonly ClinicalSessions _sessions = new(conversation);
    private readonly Templates _templates = new(conversation);

    /// <param name="single">True when one session is wanted, so that the client on the screen is meant without being pointed at.</param>
    public Argument Find(string parameter, JsonElement schema, string tool, string text, bool required, bool single) => parameter switch
    {
        "query" => Query(text),
        "client_id" when tool == "search_sessions" => SearchedClient(text, single),
        "client_name" when tool == "search_sessions" => SearchedClient(text, single) is ValueArgument ? Argument.Omitted : Argument.Of(_clients.NameIn(text)),
        "client_id" => Client(text, client => client.Id),
        "client_name" => Client(text, client => client.Name ?? ""),
        "session_id" => Session(text, session => session.Id),
        "recording_date" => Session(text, session => JsonFields.Text(session.Json, "recording_date", "started_at")),
        "duration" => Session(text, session => JsonFields.Number(session.Json, "duration", "duration_seconds") ?? 0),
        "total_segments" => Session(text, session => (int)(JsonFields.Number(session.Json, "total_segments", "segment_count") ?? 0)),
        "average_confidence" => Session(text, session => JsonFields.Number(session.Json, "average_confidence") ?? 0),
        "sessions" when required => new OpenArgument("Which sessions do you mean?"),
        "sessions" => _sessions.Loaded() is { Count: > 0 } loaded ? Argument.Of(loaded.Select(session => session.Id).ToArray()) : Argument.Omitted,
        "date_from" => Argument.Of(DateRange.Find(text, conversation.Today)?.From?.ToString("O", CultureInfo.InvariantCulture)),
        "date_to" => Argument.Of(DateRange.Find(text, conversation.Today)?.To?.ToString("O", CultureInfo.InvariantCulture)),
        "keywords" => Argument.Of(single ? null : Phrases.Topic(text)),
        "limit" => Phrases.Limit(text) is { } limit ? Argument.Of(limit) : Argument.Omitted,
        "template_name" when required => Argument.Of(Templates.NameIn(text)) is ValueArgument name ? name : new OpenArgument("Which template shall I use? Please give me its name."),
        "template_name" => Argument.Of(Templates.ContentIn(text) is null ? Template(text)?.Name : null),
        "template_content" => TemplateContent(text),
        "template_id" => Template(text) is { Id: { } id } ? Argument.Of(id) : _templates.Choose(Templates.NameIn(text)),
        "search_query" => Argument.Omitted,
        "document_id" => Document(text),
        "refinement_instructions" => Argument.Of(conversation.Request),
        "document_name" or "new_document_name" => Argument.Of(Phrases.Title(text)),
        "generation_instructions" => Argument.Of(Phrases.Wishes(text)),
        _ => Other(parameter, schema, text, required),
    };

    private Argument Query(string text)
    {
        if ((_clients.NameIn(text) ?? Quoted().Match(text).Groups["quoted"].Value) is { Length: > 0 } name)
        {
            return Argument.Of(name);
        }

        return conversation.EarlierRequests.Reverse().Select(PersonNames.Find).FirstOrDefault(earlier => earlier is not null) is { } known
            ? Argument.Of(known)
            : new OpenArgument("Whom shall I look for? Please give me a name.");
    }

    private Argument Client(string text, Func<ClientRef, string> part)
    {
        // A session that is already settled knows its client.
        if (_sessions.Resolve(text) is ValueArgument { Value: SessionRef { ClientId: { } id } session })
        {
            return Argument.Of(part(new(id, session.ClientName)));
        }

        return _clients.Resolve(text) switch
        {
            ValueArgument { Value: ClientRef client } => Argument.Of(part(client)),
            var open => open,
        };
    }

    private Argument SearchedClient(string text, bool single) =>
        (_clients.NameIn(text) is not null || single || Clients.IsPointedAt(text)) && _clients.Resolve(text) is var client
            ? client is ValueArgument { Value: ClientRef known } ? Argument.Of(known.Id) : client is OpenArgument { Stops: true } ? client : Argument.Omitted
            : Argument.Omitted;

    private Argument Session(string text, Func<SessionRef, object?> part) => _sessions.Resolve(text) switch
    {
        ValueArgument { Value: SessionRef session } => Argument.Of(part(session)),
        var open => open,
    };

    private TemplateRef? Template(string text) =>
        _templates.Selected() ?? (_templates.Choose(Templates.NameIn(text)) is ValueArgument { Value: TemplateRef template } ? template : null);

    private Argument TemplateContent(string text) =>
        Templates.ContentIn(text) is { } written ? Argument.Of(written)
        : _templates.Selected() is { Content: { } content } selected && (Templates.NameIn(text) is not { } asked || Templates.Fits(asked, selected.Name) || conversation.Answer("select_template_by_name") is not null)
            ? Argument.Of(content)
        : _templates.Choose(Templates.NameIn(text) ?? _templates.Selected()?.Name) switch
        {
            ValueArgument { Value: TemplateRef { Content: { } found } } => Argument.Of(found),
            ValueArgument => new OpenArgument("I found the template, but not its text."),
            var open => open,
        };

    private Argument Document(string text)
    {
        var made = conversation.Exchanges.Where(exchange => exchange.Name.StartsWith("generate_document", StringComparison.Ordinal) && !exchange.Failed)
            .SelectMany(exchange => JsonFields.Objects(exchange.Payload)).Select(DocumentRef.From).OfType<DocumentRef>();
        var documents = conversation.Screen.Documents.Concat(made).ToList();
        var named = documents.LastOrDefault(document => document.Name is { } name && text.Contains(name, StringComparison.OrdinalIgnoreCase));

        return (named ?? documents.LastOrDefault()) is { } document
            ? Argument.Of(document.Id)
            : new OpenArgument("There is no document to change yet. Shall I write one first?");
    }

    private static Argument Other(string parameter, JsonElement schema, string text, bool required)
    {
        foreach (var value in JsonFields.Items(schema, "enum").Select(value => value.ToString()))
        {
            if (text.Contains(value.Replace('_', ' '), StringComparison.OrdinalIgnoreCase) && value != "all")
            {
                return Argument.Of(value);
            }
        }

        return required ? new OpenArgument($"I need one more thing for that: {parameter.Replace('_', ' ')}.") : Argument.Omitted;
    }

    [GeneratedRegex("[\"“'‘](?<quoted>[^\"”'’]{2,80})[\"”'’]")]
    private static partial Regex Quoted();
}
