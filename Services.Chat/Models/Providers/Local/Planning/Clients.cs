using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Who a request is about: named, pointed at, on the screen or spoken of before.</summary>
internal sealed partial class Clients(LocalConversation conversation)
{
    private const double SamePerson = 0.5;
    private const double Tie = 0.01;

    public string? NameIn(string text) => PersonNames.Find(text) ?? PersonNames.Find(conversation.Request);

    /// <summary>True when the text speaks of a client without a name: "her", "this client".</summary>
    public static bool IsPointedAt(string text) => Pronoun().IsMatch(text);

    /// <returns>A client as value; or which tool would find him; or what to ask.</returns>
    public Argument Resolve(string text) => NameIn(text) is { } name ? ByName(name) : FromContext();
    private Argument ByName(string name)
    {
        if (conversation.Run.LastOrDefault(exchange => exchange.Name == "search_clients" && !exchange.Failed) is { } search)
        {
            return Choose(name, Found(search));
        }

        if (conversation.Screen.Client is { Name: { } shown } current && PersonNames.Likeness(name, shown) >= SamePerson)
        {
            return Argument.Of(current);
        }

        var before = conversation.Exchanges.Where(exchange => !exchange.Failed).SelectMany(Found)
            .Where(client => PersonNames.Likeness(name, client.Name ?? "") >= SamePerson)
            .DistinctBy(client => client.Id).ToList();

        return before.Count == 1 ? Argument.Of(before[0]) : new NeededArgument("search_clients");
    }

    private Argument FromContext()
    {
        // What this very run found stands nearest, then the screen, then the thread.
        if (conversation.Run.LastOrDefault(exchange => exchange.Name == "search_clients" && !exchange.Failed) is { } search)
        {
            return Choose(JsonFields.Text(search.Arguments, "query") ?? "", Found(search));
        }

        if (conversation.Screen.Client is { } current)
        {
            return Argument.Of(current);
        }

        if (conversation.Screen.Sessions.LastOrDefault(session => session.ClientId is not null) is { } session)
        {
            return Argument.Of(new ClientRef(session.ClientId!, session.ClientName));
        }

        var earlier = conversation.EarlierRequests.Reverse().Select(PersonNames.Find).FirstOrDefault(name => name is not null);

        if (earlier is not null)
        {
            return ByName(earlier);
        }

        return conversation.Exchanges.LastOrDefault(exchange => !exchange.Failed && Found(exchange).Count == 1) is { } one
            ? Argument.Of(Found(one)[0])
            : new OpenArgument("Which client do you mean? Please give me a name.");
    }

    private static Argument Choose(string name, List<ClientRef> found)
    {
        if (found.Count == 0)
        {
            return new OpenArgument(name.Length == 0 ? "I found no such client." : $"I found no client called {name}, so I stopped there. Is the name spelt as in the record?", Stops: true);
        }

        var ranked = found.Select(client => (Client: client, Likeness: PersonNames.Likeness(name, client.Name ?? ""))).OrderByDescending(pair => pair.Likeness).ToList();
        var best = ranked.Where(pair => pair.Likeness >= ranked[0].Likeness - Tie).Select(pair => pair.Client).ToList();

        return best.Count == 1
            ? Argument.Of(best[0])
            : new OpenArgument($"I found {best.Count} clients that fit {(name.Length == 0 ? "" : $"\"{name}\"")}: {string.Join("; ", best.Select(Describe))}. Which one do you mean?", Stops: true);
    }

    private static string Describe(ClientRef client) => $"{client.Name ?? "unnamed"} (id {client.Id})";

    private static List<ClientRef> Found(ToolExchange exchange) =>
        exchange.Name.Contains("client", StringComparison.Ordinal)
            ? [.. JsonFields.Objects(exchange.Payload)
                .Where(json => JsonFields.Text(json, "session_id") is null && JsonFields.Text(json, "client_name", "name") is not null
                    && (JsonFields.Text(json, "client_id") is not null || JsonFields.Get(json, "status", "session_count", "date_of_birth", "pronouns") is not null))
                .Select(ClientRef.From).OfType<ClientRef>().DistinctBy(client => client.Id)]
            : [];

    [GeneratedRegex(@"\b(she|her|hers|he|him|his|they|them|their|(this|that|the|same) (client|person|patient))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pronoun();
}
