using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>Which session a request means: by id, by place in a list, by day, the newest.</summary>
internal sealed partial class ClinicalSessions(LocalConversation conversation)
{
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth"];

    /// <summary>Sessions open on the screen, and those that this run loaded.</summary>
    public IReadOnlyList<SessionRef> Loaded() =>
        [.. conversation.Screen.Sessions
            .Concat(conversation.Run.Where(exchange => exchange.Name is "load_session" or "load_session_direct" && !exchange.Failed).Select(LoadedBy).OfType<SessionRef>())
            .DistinctBy(session => session.Id)];

    public Argument Resolve(string text)
    {
        if (Id().Match(text) is { Success: true } id)
        {
            return Argument.Of(Found().Concat(Loaded()).FirstOrDefault(session => session.Id.Equals(id.Value, StringComparison.OrdinalIgnoreCase))
                ?? new SessionRef(id.Value.ToLowerInvariant(), null, null, null, null, default));
        }

        if (conversation.Run.LastOrDefault(exchange => exchange.Name == "search_sessions" && !exchange.Failed) is { } search)
        {
            return Choose(text, SessionsOf(search));
        }

        if (OpenOne().IsMatch(text) && Loaded() is [.., var open])
        {
            return Argument.Of(open);
        }

        var before = Found();

        return before.Count > 0 && Pointing().IsMatch(text) ? Choose(text, before) : new NeededArgument("search_sessions");
    }

    private List<SessionRef> Found() =>
        conversation.Exchanges.LastOrDefault(exchange => exchange.Name == "search_sessions" && !exchange.Failed) is { } search ? SessionsOf(search) : [];

    private static List<SessionRef> SessionsOf(ToolExchange exchange) =>
        [.. JsonFields.Objects(exchange.Payload).Select(SessionRef.From).OfType<SessionRef>().DistinctBy(session => session.Id)];

    private static SessionRef? LoadedBy(ToolExchange exchange) =>
        SessionsOf(exchange).FirstOrDefault() ?? SessionRef.From(exchange.Arguments);

    private Argument Choose(string text, List<SessionRef> found)
    {
        if (found.Count == 0)
        {
            return new OpenArgument("I found no session that fits, so there is nothing to load.");
        }

        if (PersonNames.Find(conversation.Request) is { } name)
        {
            var people = found.Where(session => session.ClientId is not null).DistinctBy(session => session.ClientId)
                .Select(session => (session.ClientId, session.ClientName, Likeness: PersonNames.Likeness(name, session.ClientName ?? "")))
                .OrderByDescending(person => person.Likeness).ToList();

            if (people.Count > 1 && people[0].Likeness == people[1].Likeness)
            {
                return new OpenArgument($"Sessions of {people.Count} clients fit \"{name}\": {string.Join("; ", people.Select(person => person.ClientName))}. Which client do you mean?");
            }

            found = people.Count > 1 ? [.. found.Where(session => session.ClientId == people[0].ClientId)] : found;
        }

        if (DateRange.Find(text, conversation.Today) is { From: { } day } range && range.From == range.To)
        {
            return found.FirstOrDefault(session => session.StartedAt is { } startedAt && DateOnly.FromDateTime(startedAt.Date) == day) is { } dated
                ? Argument.Of(dated)
                : new OpenArgument($"None of the {found.Count} sessions I found is from {day:d MMMM yyyy}.");
        }

        if (ListPlace().Match(text) is { Success: true } place)
        {
            var index = Array.IndexOf(Ordinals, place.Groups["place"].Value.ToLowerInvariant());
            return index < found.Count ? Argument.Of(found[index]) : new OpenArgument($"There are only {found.Count} sessions in the list.");
        }

        var clients = found.Where(session => session.ClientId is not null).DistinctBy(session => session.ClientId).ToList();
        if (clients.Count > 1)
        {
            return new OpenArgument($"I found sessions of {clients.Count} clients: {string.Join("; ", clients.Take(5).Select(session => session.ClientName))}. Whose do you mean?");
        }

        var ordered = found.OrderByDescending(session => session.StartedAt ?? DateTimeOffset.MinValue).ToList();
        return Argument.Of(Earliest().IsMatch(text) ? ordered[^1] : ordered[0]);
    }

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Id();

    [GeneratedRegex(@"\b(this|that|the (open|loaded|current)|it)\b(?!.*\b(last|latest|newest|most recent)\b)|\bwhat did\b", RegexOptions.IgnoreCase)]
    private static partial Regex OpenOne();

    [GeneratedRegex(@"\b(it|this|that|those|these|them|one|ones|first|second|third|fourth|fifth|latest|last|newest|most recent)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pointing();

    [GeneratedRegex(@"\b(?<place>first|second|third|fourth|fifth) (one|of|in the list|result)\b|\b(?<place>second|third|fourth|fifth)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ListPlace();

    [GeneratedRegex(@"\b(first|earliest|oldest)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Earliest();
}
