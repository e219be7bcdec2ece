using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Clients;

internal sealed class GetClientSummaryTool(PracticeApi practice) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "get_client_summary",
        ToolKind.Read,
        "Gives an overview of one client: status, practitioner, presenting concerns, goals, notes, progress and recent sessions. It holds no conversation and no transcript.",
        "Reading the client's summary.",
        new(
            new("client_id", ToolParameterType.Id, "The client's id, from search_clients or the current client.") { Required = true },
            new("include_recent_sessions", ToolParameterType.Flag, "Whether to list the client's recent sessions.") { Default = true }));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var call = await arguments.Call.ReadAsync(cancellationToken);
        var reply = await practice.GetClientSummaryAsync(
            call, arguments.Id("client_id"), arguments.Flag("include_recent_sessions"), cancellationToken);

        return reply.Failed(out var error, out var summary)
            ? error
            : ToolOutcome.Of(ToResult(summary), ToolJsonContext.Default.ClientSummaryResult, "Read the client's summary.");
    }

    private static ClientSummaryResult ToResult(PracticeClientSummary client) => new(
        client.Id, client.Name, client.Status, client.Pronouns, client.StartedAt, client.Practitioner?.Name, client.PresentingConcerns,
        client.Goals ?? [], client.Notes, client.SessionCount, client.RecentSessions?.Select(ToResult).ToList());

    private static RecentSessionResult ToResult(PracticeRecentSession session) => new(
        session.SessionId, session.Title, session.StartedAt, session.DurationSeconds, session.TotalSegments, session.HasTranscript);
}

internal sealed record ClientSummaryResult(
    Guid ClientId, string ClientName, string? Status, string? Pronouns, DateTimeOffset? StartedAt, string? PractitionerName,
    string? PresentingConcerns, IReadOnlyList<string> Goals, string? Notes, int SessionCount, IReadOnlyList<RecentSessionResult>? RecentSessions);

internal sealed record RecentSessionResult(
    Guid SessionId, string? Title, DateTimeOffset RecordingDate, int Duration, int TotalSegments, bool HasTranscript);
