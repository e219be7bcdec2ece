using AiPlatform.Services.Chat.Tests.Agents;
using Microsoft.Extensions.AI;
using static AiPlatform.Services.Chat.Tests.Agents.ScriptedModel;

namespace AiPlatform.Services.Chat.Tests.Tools;

public class ToolArgumentTests
{
    public static TheoryData<string, object, string> Faults => new()
    {
        { "search_clients", new { }, "search_clients: query is missing." },
        { "search_clients", new { query = " " }, "search_clients: query must not be empty." },
        { "search_clients", new { query = 7 }, "search_clients: query must be a text." },
        { "search_clients", new { query = "Maya", limit = "many" }, "search_clients: limit must be a whole number." },
        { "search_clients", new { query = "Maya", limit = 2.5 }, "search_clients: limit must be a whole number." },
        { "search_clients", new { query = "Maya", limit = 0 }, "search_clients: limit must lie between 1 and 100." },
        { "search_clients", new { query = "Maya", sort = "name" }, "search_clients: there is no parameter sort." },
        { "get_client_summary", new { client_id = "Maya" }, "get_client_summary: client_id must be an id taken from an earlier result." },
        { "get_client_summary", new { include_recent_sessions = "yes" }, "get_client_summary: client_id is missing; include_recent_sessions must be true or false." },
        { "search_sessions", new { date_from = "last week" }, "search_sessions: date_from must be a date like 2026-03-31." },
        { "load_session", new { session_id = Sample.SessionId }, "load_session: client_id is missing." },
        {
            "load_session_direct",
            new { session_id = Sample.SessionId, client_id = Sample.ClientId, client_name = "Maya", recording_date = "2026-03-20", total_segments = 1, average_confidence = "high" },
            "load_session_direct: duration is missing; average_confidence must be a number."
        },
        { "semantic_search_sessions", new { query = "sleep" }, "semantic_search_sessions: transcript_ids is missing." },
        { "semantic_search_sessions", new { query = "sleep", transcript_ids = Array.Empty<string>() }, "semantic_search_sessions: transcript_ids must not be empty." },
        { "semantic_search_sessions", new { query = "sleep", transcript_ids = Enumerable.Repeat(Sample.SessionId, 51) }, "semantic_search_sessions: transcript_ids must not be more than 50." },
        { "semantic_search_sessions", new { query = "sleep", transcript_ids = new[] { Sample.SessionId }, similarity_threshold = 1.1 }, "semantic_search_sessions: similarity_threshold must lie between 0 and 1." },
        { "semantic_search_sessions", new { query = new string('q', 501), transcript_ids = new[] { Sample.SessionId } }, "semantic_search_sessions: query must not be longer than 500 characters." },
        { "analyze_session_content", new { session_id = Sample.SessionId, client_id = Sample.ClientId, analysis_type = "mood" }, "analyze_session_content: analysis_type must be one of summary, sentiment, topics, themes, comprehensive." },
        { "get_templates", new { template_type = "mine" }, "get_templates: template_type must be one of all, private, clinic, public." },
        { "select_template_by_name", new { }, "select_template_by_name: template_name is missing." },
        { "check_document_readiness", new { page = "x" }, "check_document_readiness: there is no parameter page." },
        { "generate_document_from_loaded", new { template_content = "#", sessions = "all" }, "generate_document_from_loaded: sessions must be a list of ids taken from earlier results." },
        { "generate_document_auto", new { document_name = 1 }, "generate_document_auto: document_name must be a text." },
        { "generate_document_auto", new { document_name = new string('n', 201) }, "generate_document_auto: document_name must not be longer than 200 characters." },
        { "refine_document", new { document_id = Sample.DocumentId }, "refine_document: refinement_instructions is missing." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Spec", "T001-227")]
    [Trait("Spec", "T001-497")]
    [Trait("Spec", "T001-498")]
    public async Task Call_WithFaultyArguments_TellsTheModelAndCallsNobody(string tool, object arguments, string message)
    {
        await using var harness = await AgentHarness.StartForCallAsync(tool, arguments, Sample.ReadyScreen());

        await harness.RunAsync();

        JsonAssert.Equal($$"""{"code":"validation_error","message":"{{message}}","retryable":false}""", harness.Told().GetProperty("error"));
        Assert.Empty(harness.Api.Requests);
        Assert.Empty(harness.Documents.Requests);
        Assert.Equal(["agent_thinking", "tool_executing", "tool_completed", "text_chunk"], harness.FrameTypes);
    }

    [Fact]
    [Trait("Spec", "T001-240")]
    public async Task Call_WithBadJson_TellsTheModel()
    {
        var call = FunctionCallContent.CreateFromParsedArguments<string>(
            "{\"query\":", "call-1", "search_clients", json => throw new System.Text.Json.JsonException());
        await using var harness = await AgentHarness.StartAsync(new(Calls(call), Says("Done.")));

        await harness.RunAsync();

        JsonAssert.Equal(
            """{"code":"validation_error","message":"search_clients: the arguments are not a JSON object.","retryable":false}""",
            harness.Told().GetProperty("error"));
    }

    [Fact]
    [Trait("Spec", "T001-499")]
    [Trait("Spec", "T001-239")]
    public async Task Call_OfAnUnknownTool_TellsTheModelWithoutAnExecutingFrame()
    {
        await using var harness = await AgentHarness.StartForCallAsync("drop_database");

        await harness.RunAsync();

        JsonAssert.Equal("""{"code":"validation_error","message":"There is no such tool.","retryable":false}""", harness.Told().GetProperty("error"));
        Assert.Equal(["agent_thinking", "text_chunk"], harness.FrameTypes);
    }

    [Fact]
    [Trait("Spec", "T001-496")]
    public async Task Call_WithNullsAndWholeDoubles_TakesThemAsMeant()
    {
        await using var harness = await AgentHarness.StartForCallAsync("search_sessions", new { client_name = "Maya", client_id = (string?)null, limit = 5.0 });
        harness.Api.On("GET /api/v1/sessions/search", Sample.Sessions);

        await harness.RunAsync();

        Assert.Equal("/api/v1/sessions/search?clientName=Maya&limit=5", Assert.Single(harness.Api.Requests).Target);
    }
}
