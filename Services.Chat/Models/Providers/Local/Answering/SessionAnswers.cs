using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Planning;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

internal static class SessionAnswers
{
    private const int MaxListed = 10;
    private const int MaxQuotes = 4;
    private const int MaxQuoteLength = 300;

    public static string Found(ToolExchange exchange, bool asked)
    {
        var sessions = JsonFields.Objects(exchange.Payload).Select(SessionRef.From).OfType<SessionRef>().DistinctBy(session => session.Id).ToList();

        return sessions.Count switch
        {
            0 => "I found no session that fits.",
            1 => asked ? $"I found one session: {Describe(sessions[0])}." : "",
            _ when asked => $"I found {sessions.Count} sessions:\n{string.Join('\n', sessions.Take(MaxListed).Select(session => $"- {Describe(session)}"))}",
            _ => "",
        };
    }

    public static string Loaded(JsonElement payload, string request)
    {
        var session = JsonFields.Objects(payload).Select(SessionRef.From).OfType<SessionRef>().FirstOrDefault();
        var segments = JsonFields.Objects(payload).Select(json => JsonFields.Items(json, "segments")).FirstOrDefault(items => items.Count > 0) ?? [];
        var head = session is null ? "The session is loaded." : $"Loaded the session {Describe(session)}.";
        var quotes = Quotes(segments, request);

        return quotes.Count == 0 ? head : $"{head}\n{string.Join('\n', quotes)}";
    }

    /// <summary>What was counted and quoted, nothing concluded from it.</summary>
    public static string Analysed(JsonElement payload)
    {
        var topics = JsonFields.Items(payload, "topics").Select(topic => $"{JsonFields.Text(topic, "term")} ({JsonFields.Number(topic, "count")})");
        var themes = JsonFields.Items(payload, "themes").Select(theme => string.Join(" with ", JsonFields.Items(theme, "terms").Select(term => term.GetString())));
        var feeling = JsonFields.Get(payload, "sentiment") is { ValueKind: JsonValueKind.Object } sentiment
            ? new[] { $"{JsonFields.Number(sentiment, "positive")} positive, {JsonFields.Number(sentiment, "negative")} negative" }
            : [];
        var said = JsonFields.Get(payload, "summary") is { ValueKind: JsonValueKind.Object } summary ? JsonFields.Items(summary, "statements") : [];
        List<string> lines =
        [
            $"I analysed the session, {JsonFields.Number(payload, "total_segments")} segments.",
            .. Line("Topics", topics),
            .. Line("Spoken of together", themes, "; "),
            .. Line("Words of feeling", feeling),
            .. said.Take(MaxQuotes).Select(Quote),
        ];
        return string.Join('\n', lines);
    }

    private static string[] Line(string name, IEnumerable<string> items, string separator = ", ") =>
        string.Join(separator, items) is { Length: > 0 } joined ? [$"- {name}: {joined}"] : [];

    private static string Quote(JsonElement segment) =>
        $"- {JsonFields.Text(segment, "start")} {JsonFields.Text(segment, "speaker")}: \"{Cut(JsonFields.Text(segment, "text") ?? "")}\"";

    /// <summary>"Follow-up on sleep" with Maria Lopez, 12 May 2026, 48 minutes, 84 segments.</summary>
    public static string Describe(SessionRef session)
    {
        List<string> parts =
        [
            (session.Title, session.ClientName) switch
            {
                ({ } title, { } client) => $"\"{title}\" with {client}",
                ({ } title, null) => $"\"{title}\"",
                (null, { } client) => $"with {client}",
                _ => session.Id,
            },
        ];

        if (session.StartedAt is { } startedAt)
        {
            parts.Add(Dates.Day(startedAt));
        }

        if (JsonFields.Number(session.Json, "duration_seconds", "duration") is { } seconds and > 0)
        {
            parts.Add($"{Math.Max(1, Math.Round(seconds / 60))} minutes");
        }

        if (JsonFields.Number(session.Json, "total_segments", "segment_count") is { } segments)
        {
            parts.Add($"{segments} segments");
        }

        return string.Join(", ", parts);
    }

    // A question about the talk is answered with the passages that come nearest, in their order.
    private static List<string> Quotes(List<JsonElement> segments, string request)
    {
        if (Phrases.Topic(request) is not { } topic || segments.Count == 0)
        {
            return [];
        }

        var stems = Tokens.Stems(topic);
        var ranking = new Bm25([.. segments.Select(segment => Tokens.Stems(JsonFields.Text(segment, "text") ?? ""))]);
        var best = Enumerable.Range(0, segments.Count)
            .Select(index => (Index: index, Score: ranking.Score(stems, index)))
            .Where(ranked => ranked.Score > 0)
            .OrderByDescending(ranked => ranked.Score)
            .Take(MaxQuotes)
            .OrderBy(ranked => ranked.Index)
            .Select(ranked => segments[ranked.Index])
            .ToList();

        return best.Count == 0
            ? [$"The transcript has no passage about {topic}."]
            : [$"About {topic} the transcript says:", .. best.Select(Quote)];
    }

    private static string Cut(string text) => text.Length <= MaxQuoteLength ? text : $"{text[..MaxQuoteLength].TrimEnd()} ...";
}
