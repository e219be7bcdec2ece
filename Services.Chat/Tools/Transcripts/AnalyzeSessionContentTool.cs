using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Transcripts;

internal sealed class AnalyzeSessionContentTool(PracticeApi practice) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "analyze_session_content",
        ToolKind.Read,
        "Analyses what was said in one stored session: main statements and questions, topics, themes, words of feeling, each with its place. Needs session_id and client_id from search_sessions.",
        "Analysing the session.",
        new(
            new("session_id", ToolParameterType.Id, "The session's id, from search_sessions.") { Required = true },
            new("client_id", ToolParameterType.Id, "The id of the session's client.") { Required = true },
            new("analysis_type", ToolParameterType.Text, "What to look at.")
            {
                Default = "comprehensive", Choices = ["summary", "sentiment", "topics", "themes", "comprehensive"],
            }));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var reply = await practice.AnalyzeSessionAsync(
            await arguments.Call.ReadAsync(cancellationToken),
            arguments.Id("session_id"),
            new(arguments.Text("analysis_type"), arguments.Id("client_id")),
            cancellationToken);

        return reply.Failed(out var error, out var analysis)
            ? error
            : ToolOutcome.Of(analysis, ToolJsonContext.Default.SessionAnalysis, $"Analysed {Counted.Of(analysis.TotalSegments, "segment")}.");
    }
}
