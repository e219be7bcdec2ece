using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Agents;

namespace AiPlatform.Services.Chat.Tests.Tools.Transcripts;

public class SessionToolTests
{
    private const string Found = $$"""
        "session_id":"{{Sample.SessionId}}","client_id":"{{Sample.ClientId}}","client_name":"Maya Okafor","practitioner_name":"Dr. Ana Reyes",
        "title":"Follow-up","recording_date":"2026-03-20T10:00:00+00:00","duration":3000,"total_segments":2,"average_confidence":0.93,"has_transcript":true
        """;

    private static readonly object Direct = new
    {
        session_id = Sample.SessionId,
        client_id = Sample.ClientId,
        client_name = "Maya Okafor",
        recording_date = "2026-03-20T10:00:00Z",
        duration = 3000,
        total_segments = 2,
        average_confidence = 0.93,
    };

    [Fact]
    public async Task SearchSessions_WithEveryFilter_AsksForThemAndGivesWhatLoadingNeeds()
    {
        await using var harness = await AgentHarness.StartForCallAsync("search_sessions", new
        {
            client_name = "Maya",
            client_id = Sample.ClientId,
            date_from = "2026-03-01",
            date_to = "2026-03-31",
            keywords = "sleep",
            limit = 3,
        });
        harness.Api.On("GET /api/v1/sessions/search", Sample.Sessions);

        await harness.RunAsync();

        Assert.Equal(
            $"/api/v1/sessions/search?clientName=Maya&clientId={Sample.ClientId}&dateFrom=2026-03-01&dateTo=2026-03-31&keywords=sleep&limit=3",
            harness.Api.Requests[0].Target);
        JsonAssert.Equal($$"""{"sessions":[{{{Found}}}],"total":1}""", harness.Told().GetProperty("result"));
    }

    [Fact]
    [Trait("Spec", "T000-103")]
    public async Task LoadSession_Found_GivesTheTranscriptAndPutsTheSessionOnTheScreen()
    {
        var screen = new UiState { PageType = "dashboard", LoadedSessions = [new UiLoadedSession { SessionId = Sample.SessionId.ToUpperInvariant() }] };
        await using var harness = await AgentHarness.StartForCallAsync(
            "load_session", new { session_id = Sample.SessionId, client_id = Sample.ClientId }, screen);
        harness.Api.On($"GET /api/v1/sessions/{Sample.SessionId}", Sample.Session);

        await harness.RunAsync();

        Assert.Equal($"/api/v1/sessions/{Sample.SessionId}?includeSegments=true", harness.Api.Requests[0].Target);
        JsonAssert.Equal(
            $$"""
            {{{Found}}, "segments":[{"index":0,"speaker":"therapist","start":"00:00:05","text":"How did you sleep?"},
            {"index":1,"speaker":"client","start":"00:00:12","text":"I slept badly this week."}]}
            """,
            harness.Told().GetProperty("result"));
        var loaded = Assert.Single(harness.Screen.State.LoadedSessions);
        Assert.Equal((Sample.SessionId, Sample.ClientId, "Maya Okafor"), (loaded.SessionId, loaded.ClientId, loaded.ClientName));
        Assert.Equal(
            ["title=Follow-up", "recordingDate=2026-03-20T10:00:00+00:00", "duration=3000", "totalSegments=2", "averageConfidence=0.93"],
            loaded.Rest!.Select(field => $"{field.Key}={field.Value}"));
        Assert.Equal((Sample.ClientId, "Maya Okafor"), (harness.Screen.State.CurrentClient!.ClientId, harness.Screen.State.CurrentClient.ClientName));
        Assert.Empty(harness.UiActions);
    }

    [Fact]
    public async Task LoadSession_OfAnotherClient_IsRefusedAndLoadsNothing()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "load_session", new { session_id = Sample.SessionId, client_id = Sample.OtherClientId });
        harness.Api.On($"GET /api/v1/sessions/{Sample.SessionId}", Sample.Session);

        await harness.RunAsync();

        Assert.Equal("validation_error", harness.Told().GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(harness.Screen.State.LoadedSessions);
    }

    [Fact]
    [Trait("Spec", "T000-129")]
    public async Task LoadSessionDirect_OnASessionPage_AsksTheScreenAfterTheText()
    {
        await using var harness = await AgentHarness.StartForCallAsync("load_session_direct", Direct, new UiState { PageType = "sessions_list" });

        await harness.RunAsync();

        const string Action = $$"""
            {"type":"load_session_direct","target":"live_transcribe_page","payload":{"sessionId":"{{Sample.SessionId}}","clientId":"{{Sample.ClientId}}",
            "clientName":"Maya Okafor","recordingDate":"2026-03-20T10:00:00Z","duration":3000,"totalSegments":2,"averageConfidence":0.93} }
            """;
        Assert.Equal(["agent_thinking", "tool_executing", "tool_completed", "text_chunk", "ui_action"], harness.FrameTypes);
        JsonAssert.Equal(Action, Assert.Single(harness.UiActions));
        JsonAssert.Equal(
            $$"""{"status":"ui_action_requested","ui_action":{{Action}},"user_message":"Opening the session of Maya Okafor."}""",
            harness.Told().GetProperty("result"));
    }

    [Fact]
    [Trait("Spec", "T000-125")]
    public async Task LoadSessionDirect_OnTheDashboard_IsRefusedWithTheWayThere()
    {
        await using var harness = await AgentHarness.StartForCallAsync("load_session_direct", Direct, new UiState { PageType = "dashboard" });

        await harness.RunAsync();

        JsonAssert.Equal(
            """
            {"success":false,"error":{"code":"page_not_supported","message":"load_session_direct does not work on dashboard. Suggest that the user opens transcribe_page and asks again there.",
            "retryable":false,"page":"dashboard","suggested_page":"transcribe_page"},
            "tool":"load_session_direct","tool_call_id":"call-1","timestamp":"2026-03-31T09:30:00+00:00","duration_ms":0}
            """,
            harness.Told());
        Assert.Equal(["agent_thinking", "text_chunk"], harness.FrameTypes);
    }
}
