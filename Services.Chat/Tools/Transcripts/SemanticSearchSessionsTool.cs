using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Transcripts;

internal sealed class SemanticSearchSessionsTool(PracticeApi practice) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "semantic_search_sessions",
        ToolKind.Read,
        "Finds the passages of given transcripts that are about something, by words and by meaning, the nearest first. Needs the session_id of each session, from search_sessions.",
        "Looking through the transcripts.",
        new(
            new("query", ToolParameterType.Text, "What the passages are about, in a few words.") { Required = true, Longest = 500 },
            new("transcript_ids", ToolParameterType.Ids, "The session_id of each session to look through.") { Required = true, Longest = 50 },
            new("limit", ToolParameterType.Whole, "The most passages to return.") { Default = 20, Minimum = 1, Maximum = 100 },
            new("similarity_threshold", ToolParameterType.Number, "How near to the best passage the others must come, from 0 to 1.")
            {
                Default = 0.7, Minimum = 0, Maximum = 1,
            }));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var search = new SearchTranscriptsRequest(
            arguments.Text("query"), arguments.Ids("transcript_ids"), arguments.Whole("limit"), arguments.Number("similarity_threshold"));
        var reply = await practice.SearchTranscriptsAsync(await arguments.Call.ReadAsync(cancellationToken), search, cancellationToken);
        if (reply.Failed(out var error, out var found))
        {
            return error;
        }

        var result = new TranscriptSearchResult([.. found.Items.Select(ToResult)], found.Total, found.Searched, found.Embeddings);
        return ToolOutcome.Of(result, ToolJsonContext.Default.TranscriptSearchResult, Counted.Found(found.Total, "passage"));
    }

    private static PassageResult ToResult(TranscriptHit hit) => new(
        hit.SessionId, hit.Index, hit.Speaker, hit.Start, hit.Text, hit.Score,
        [.. hit.Highlights.Where(word => word.Start >= 0 && word.Length > 0 && word.Start + word.Length <= hit.Text.Length)
            .Select(word => hit.Text.Substring(word.Start, word.Length))]);
}

/// <param name="Searched">How many of the transcripts the user may read; the others were not looked through.</param>
internal sealed record TranscriptSearchResult(IReadOnlyList<PassageResult> Passages, int Total, int Searched, string Embeddings);

/// <param name="Words">Those of the query that stand in the text, as they stand there.</param>
internal sealed record PassageResult(
    Guid SessionId, int Index, string Speaker, string Start, string Text, double Score, IReadOnlyList<string> Words);
