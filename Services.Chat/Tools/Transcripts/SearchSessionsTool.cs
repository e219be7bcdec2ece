using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Transcripts;

internal sealed class SearchSessionsTool(PracticeApi practice) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "search_sessions",
        ToolKind.Read,
        "Finds recorded therapy sessions by client, date or keywords, newest first. It gives the session_id and client_id that load_session needs; the last session of a client is its first result.",
        "Looking for the sessions.",
        new(
            new("client_name", ToolParameterType.Text, "The client's name, when the id is not known."),
            new("client_id", ToolParameterType.Id, "The client's id; better than the name."),
            new("date_from", ToolParameterType.Date, "The first day to look at, like 2026-03-01."),
            new("date_to", ToolParameterType.Date, "The last day to look at, like 2026-03-31."),
            new("keywords", ToolParameterType.Text, "Words of the session's title or transcript."),
            new("limit", ToolParameterType.Whole, "The most sessions to return.") { Default = 10, Minimum = 1, Maximum = 100 }));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var filter = new PracticeSessionFilter(
            arguments.OptionalText("client_name"),
            arguments.OptionalId("client_id"),
            arguments.OptionalDate("date_from"),
            arguments.OptionalDate("date_to"),
            arguments.OptionalText("keywords"),
            arguments.Whole("limit"));

        var reply = await practice.SearchSessionsAsync(await arguments.Call.ReadAsync(cancellationToken), filter, cancellationToken);
        if (reply.Failed(out var error, out var found))
        {
            return error;
        }

        var result = new SessionSearchResult([.. found.Items.Select(session => SessionResult.Of(session))], found.Total);
        return ToolOutcome.Of(result, ToolJsonContext.Default.SessionSearchResult, Counted.Found(found.Total, "session"));
    }
}

internal sealed record SessionSearchResult(IReadOnlyList<SessionResult> Sessions, int Total);
