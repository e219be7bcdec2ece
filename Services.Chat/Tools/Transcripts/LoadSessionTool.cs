using System.Text.Json;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tools.Transcripts;

internal sealed class LoadSessionTool(PracticeApi practice) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "load_session",
        ToolKind.Read,
        "Loads one recorded session with its transcript, so that it can be shown, quoted or made into a document. Needs session_id and client_id from search_sessions.",
        "Loading the session's transcript.",
        new(
            new("session_id", ToolParameterType.Id, "The session's id, from search_sessions.") { Required = true },
            new("client_id", ToolParameterType.Id, "The id of the session's client.") { Required = true },
            new("include_segments", ToolParameterType.Flag, "Whether to return the transcript itself.") { Default = true }));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var call = await arguments.Call.ReadAsync(cancellationToken);
        var reply = await practice.GetSessionAsync(call, arguments.Id("session_id"), arguments.Flag("include_segments"), cancellationToken);
        if (reply.Failed(out var error, out var session))
        {
            return error;
        }

        if (session.ClientId != arguments.Id("client_id"))
        {
            return ToolOutcome.Failed("validation_error", "load_session: the session belongs to another client than client_id.");
        }

        await arguments.Call.UpdateUiStateAsync(state => WithLoaded(state, session), cancellationToken);
        return ToolOutcome.Of(
            SessionResult.Of(session), ToolJsonContext.Default.SessionResult, $"Loaded the session with {Counted.Of(session.TotalSegments, "segment")}.");
    }

    private static UiState WithLoaded(UiState state, PracticeSession session)
    {
        var id = session.SessionId.ToString();
        var loaded = new UiLoadedSession
        {
            SessionId = id,
            ClientId = session.ClientId.ToString(),
            ClientName = session.ClientName,
            Rest = Details(session),
        };
        return state with
        {
            LoadedSessions = [.. state.LoadedSessions.Where(other => !string.Equals(other.SessionId, id, StringComparison.OrdinalIgnoreCase)), loaded],
            CurrentClient = new UiClient { ClientId = session.ClientId.ToString(), ClientName = session.ClientName },
        };
    }

    private static Dictionary<string, JsonElement> Details(PracticeSession session) =>
        JsonSerializer.SerializeToElement(
                new LoadedSessionDetails(
                    session.Title, session.StartedAt, session.DurationSeconds, session.TotalSegments, session.AverageConfidence),
                UiPayloadJsonContext.Default.LoadedSessionDetails)
            .EnumerateObject()
            .ToDictionary(property => property.Name, property => property.Value);
}
