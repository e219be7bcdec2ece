using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Agents;

namespace AiPlatform.Services.Chat.Tests.Tools.Transcripts;

public class TranscriptToolTests
{
    private const string Hits = $$"""
        {"items":[{"sessionId":"{{Sample.SessionId}}","index":1,"speaker":"client","start":"00:00:12","startSeconds":12,"text":"I slept badly this week.",
        "score":1,"wordScore":1,"similarity":null,"highlights":[{"start":2,"length":5},{"start":8,"length":5}]}],
        "total":1,"searched":1,"segments":2,"since":"2026-03-20T10:00:00Z","truncated":false,"embeddings":"off"}
        """;

    private const string Statement = """{"index":1,"speaker":"client","start":"00:00:12","text":"I slept badly this week."}""";

    [Fact]
    public async Task SemanticSearch_WithEveryArgument_AsksForThemAndQuotesWhatWasFound()
    {
        await using var harness = await AgentHarness.StartForCallAsync("semantic_search_sessions", new
        {
            query = "sleeping badly",
            transcript_ids = (string[])[Sample.SessionId, Sample.OtherSessionId],
            limit = 5,
            similarity_threshold = 0.25,
        });
        harness.Api.On("POST /api/v1/sessions/semantic-search", Hits);

        await harness.RunAsync();

        var request = Assert.Single(harness.Api.Requests);
        JsonAssert.Equal(
            $$"""{"query":"sleeping badly","transcriptIds":["{{Sample.SessionId}}","{{Sample.OtherSessionId}}"],"limit":5,"similarityThreshold":0.25}""",
            JsonElement.Parse(request.Body));
        JsonAssert.Equal(
            $$"""
            {"passages":[{"session_id":"{{Sample.SessionId}}","index":1,"speaker":"client","start":"00:00:12","text":"I slept badly this week.",
            "score":1,"words":["slept","badly"]}],"total":1,"searched":1,"embeddings":"off"}
            """,
            harness.Told().GetProperty("result"));
    }

    [Fact]
    public async Task SemanticSearch_WithoutSettings_AsksWithTheDefaults()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "semantic_search_sessions", new { query = "sleep", transcript_ids = (string[])[Sample.SessionId] });
        harness.Api.On("POST /api/v1/sessions/semantic-search", Hits);

        await harness.RunAsync();

        JsonAssert.Equal(
            $$"""{"query":"sleep","transcriptIds":["{{Sample.SessionId}}"],"limit":20,"similarityThreshold":0.7}""",
            JsonElement.Parse(harness.Api.Requests[0].Body));
    }

    [Fact]
    public async Task SemanticSearch_HighlightsBesideTheText_AreLeftOut()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "semantic_search_sessions", new { query = "sleep", transcript_ids = (string[])[Sample.SessionId] });
        harness.Api.On("POST /api/v1/sessions/semantic-search", Hits.Replace("\"start\":8,\"length\":5", "\"start\":23,\"length\":2", StringComparison.Ordinal));

        await harness.RunAsync();

        JsonAssert.Equal("""["slept"]""", harness.Told().GetProperty("result").GetProperty("passages")[0].GetProperty("words"));
    }

    [Fact]
    public async Task Analyze_Comprehensive_GivesTheModelEveryPartInItsOwnNames()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "analyze_session_content", new { session_id = Sample.SessionId, client_id = Sample.ClientId });
        harness.Api.On($"POST /api/v1/sessions/{Sample.SessionId}/analyze", $$"""
            {"sessionId":"{{Sample.SessionId}}","clientId":"{{Sample.ClientId}}","analysisType":"comprehensive","method":"extractive","totalSegments":2,
            "speakers":[{"label":"client","role":"client","segments":1,"words":5,"speakingShare":0.556}],
            "summary":{"statements":[{{Statement}}],"questions":[{"question":{"index":0,"speaker":"therapist","start":"00:00:05","text":"How did you sleep?"},"answer":{{Statement}}}]},
            "sentiment":{"label":"negative","score":-0.5,"positive":0,"negative":1,"course":[null,null,-0.5],
            "strongest":[{"statement":{{Statement}},"score":-0.5,"words":[{"word":"badly","value":-0.5,"negated":false}]}]},
            "topics":[{"term":"sleep","count":2,"segments":[0,1]}],"themes":[{"terms":["sleep","week"],"segments":[0,1],"statement":{{Statement}}}]}
            """);

        await harness.RunAsync();

        JsonAssert.Equal(
            $$"""{"analysisType":"comprehensive","clientId":"{{Sample.ClientId}}"}""", JsonElement.Parse(Assert.Single(harness.Api.Requests).Body));
        JsonAssert.Equal(
            $$"""
            {"session_id":"{{Sample.SessionId}}","client_id":"{{Sample.ClientId}}","analysis_type":"comprehensive","method":"extractive","total_segments":2,
            "speakers":[{"label":"client","role":"client","segments":1,"words":5,"speaking_share":0.556}],
            "summary":{"statements":[{{Statement}}],"questions":[{"question":{"index":0,"speaker":"therapist","start":"00:00:05","text":"How did you sleep?"},"answer":{{Statement}}}]},
            "sentiment":{"label":"negative","positive":0,"negative":1,"course":[null,null,-0.5],
            "strongest":[{"statement":{{Statement}},"score":-0.5,"words":[{"word":"badly","value":-0.5,"negated":false}]}],"score":-0.5},
            "topics":[{"term":"sleep","count":2,"segments":[0,1]}],"themes":[{"terms":["sleep","week"],"segments":[0,1],"statement":{{Statement}}}]}
            """,
            harness.Told().GetProperty("result"));
    }

    [Fact]
    public async Task Analyze_OneKind_AsksForItAndGivesItAlone()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "analyze_session_content", new { session_id = Sample.SessionId, client_id = Sample.ClientId, analysis_type = "topics" });
        harness.Api.On($"POST /api/v1/sessions/{Sample.SessionId}/analyze", $$"""
            {"sessionId":"{{Sample.SessionId}}","clientId":"{{Sample.ClientId}}","analysisType":"topics","method":"extractive","totalSegments":2,
            "speakers":[],"topics":[]}
            """);

        await harness.RunAsync();

        JsonAssert.Equal(
            $$"""{"analysisType":"topics","clientId":"{{Sample.ClientId}}"}""", JsonElement.Parse(harness.Api.Requests[0].Body));
        JsonAssert.Equal(
            $$"""
            {"session_id":"{{Sample.SessionId}}","client_id":"{{Sample.ClientId}}","analysis_type":"topics","method":"extractive","total_segments":2,"speakers":[],"topics":[]}
            """,
            harness.Told().GetProperty("result"));
    }

    [Theory]
    [InlineData(404, """{"code":"session.not_found","detail":"There is no such session."}""", "not_found", "Nothing was found under that id.")]
    [InlineData(403, """{"code":"session.transcript_forbidden","detail":"No."}""", "forbidden", "This user may not do that.")]
    [InlineData(410, """{"code":"session.transcript_expired","detail":"It was erased."}""", "session.transcript_expired", "It was erased.")]
    [InlineData(422, """{"code":"session.transcript_missing","detail":"The session has no transcript."}""", "validation_error", "The session has no transcript.")]
    public async Task Analyze_Refused_TellsTheModelWhyAndAsksOnce(int status, string problem, string code, string message)
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "analyze_session_content", new { session_id = Sample.SessionId, client_id = Sample.ClientId });
        harness.Api.On($"POST /api/v1/sessions/{Sample.SessionId}/analyze", problem, status);

        await harness.RunAsync();

        JsonAssert.Equal($$"""{"code":"{{code}}","message":"{{message}}","retryable":false}""", harness.Told().GetProperty("error"));
        Assert.Single(harness.Api.Requests);
    }
}
