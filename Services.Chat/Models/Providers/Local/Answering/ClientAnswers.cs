using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

internal static class ClientAnswers
{
    private const int MaxListed = 10;

    public static string Found(ToolExchange exchange, bool asked)
    {
        var clients = Records(exchange.Payload);
        var query = JsonFields.Text(exchange.Arguments, "query");

        return clients.Count switch
        {
            0 => $"I found no client called {query}.",
            1 => $"I found {Describe(clients[0])}.",
            _ when asked => $"I found {clients.Count} clients for \"{query}\":\n{string.Join('\n', clients.Take(MaxListed).Select(client => $"- {Describe(client)}"))}",
            _ => "",
        };
    }

    public static string Summary(JsonElement payload)
    {
        var client = JsonFields.Objects(payload).FirstOrDefault(json => JsonFields.Get(json, "status") is not null, payload);
        List<string> lines = [$"{Describe(client)}."];

        Add(lines, "Presenting concerns", Text(client, "presenting_concerns"));
        Add(lines, "Goals", Text(client, "goals", "treatment_goals"));
        Add(lines, "Notes", Text(client, "notes"));

        var sessions = JsonFields.Items(client, "recent_sessions").Select(SessionRef.From).OfType<SessionRef>().ToList();

        if (sessions.Count > 0)
        {
            lines.Add($"Recent sessions:\n{string.Join('\n', sessions.Take(5).Select(session => $"- {SessionAnswers.Describe(session)}"))}");
        }

        return string.Join('\n', lines);
    }

    private static List<JsonElement> Records(JsonElement payload) =>
        [.. JsonFields.Objects(payload).Where(json => JsonFields.Text(json, "client_name", "name") is not null
            && (JsonFields.Text(json, "client_id") is not null || JsonFields.Get(json, "status", "session_count") is not null))];

    private static string Describe(JsonElement client)
    {
        var status = JsonFields.Text(client, "status");
        var pronouns = JsonFields.Text(client, "pronouns");
        var sessions = JsonFields.Text(client, "session_count");
        var last = Dates.Day(JsonFields.Text(client, "last_session_at"));
        var brackets = string.Join(", ", new[] { status, pronouns }.OfType<string>());

        return (JsonFields.Text(client, "client_name", "name") ?? "The client")
            + (brackets.Length > 0 ? $" ({brackets})" : "")
            + (sessions is null ? "" : $", {sessions} {(sessions == "1" ? "session" : "sessions")}")
            + (last is null ? "" : $", last on {last}");
    }

    private static string? Text(JsonElement json, params ReadOnlySpan<string> names) => JsonFields.Get(json, names) switch
    {
        { ValueKind: JsonValueKind.Array } array => string.Join("; ", array.EnumerateArray().Select(item => item.ToString())),
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => null,
    };

    private static void Add(List<string> lines, string label, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            lines.Add($"{label}: {text.TrimEnd('.')}.");
        }
    }
}
