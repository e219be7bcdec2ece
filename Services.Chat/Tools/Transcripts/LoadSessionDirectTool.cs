namespace AiPlatform.Services.Chat.Tools.Transcripts;

internal sealed class LoadSessionDirectTool() : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "load_session_direct",
        ToolKind.Ui,
        "Opens one session as a tab on the user's screen. Use it when the user wants to see a session there; take every value from search_sessions.",
        "Opening the session on the screen.",
        new(
            new("session_id", ToolParameterType.Id, "The session's id.") { Required = true },
            new("client_id", ToolParameterType.Id, "The id of the session's client.") { Required = true },
            new("client_name", ToolParameterType.Text, "The client's name.") { Required = true },
            new("recording_date", ToolParameterType.Text, "When the session was recorded.") { Required = true },
            new("duration", ToolParameterType.Number, "How long it lasted, in seconds.") { Required = true },
            new("total_segments", ToolParameterType.Whole, "How many segments its transcript has.") { Required = true, Minimum = 0, Maximum = 1_000_000 },
            new("average_confidence", ToolParameterType.Number, "How sure the transcription is, from 0 to 1.") { Required = true }))
    {
        Pages = [PageTypes.TranscribePage, PageTypes.ClientDetails, PageTypes.SessionsList],
    };

    protected override Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var action = UiActionRequests.LoadSession(new(
            arguments.Id("session_id"),
            arguments.Id("client_id"),
            arguments.Text("client_name"),
            arguments.Text("recording_date"),
            arguments.Number("duration"),
            arguments.Whole("total_segments"),
            arguments.Number("average_confidence")));
        var result = new UiActionResult(action, $"Opening the session of {arguments.Text("client_name")}.");
        return Task.FromResult(
            ToolOutcome.Of(result, ToolJsonContext.Default.UiActionResult, "The session opens on the screen.") with { UiActions = [action] });
    }
}
