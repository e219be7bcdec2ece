using AiPlatform.Services.Chat.Tests.Agents;
using static AiPlatform.Services.Chat.Tests.Agents.ScriptedModel;

namespace AiPlatform.Services.Chat.Tests.Tools.Clients;

public class ClientToolTests
{
    [Fact]
    [Trait("Spec", "T000-039")]
    public async Task SearchClients_Found_GivesIdsAndNames()
    {
        await using var harness = await AgentHarness.StartForCallAsync("search_clients", new { query = "Maya & co" });
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients);

        await harness.RunAsync();

        Assert.Equal("/api/v1/clients/search?query=Maya%20%26%20co&limit=10", harness.Api.Requests[0].Target);
        JsonAssert.Equal(
            $$"""
            {"success":true,"result":{"clients":[{"client_id":"{{Sample.ClientId}}","client_name":"Maya Okafor","status":"active","pronouns":"she/her",
            "date_of_birth":"1991-04-02","practitioner_name":"Dr. Ana Reyes","session_count":3,"last_session_at":"2026-03-20T10:00:00+00:00"}],"total":1},
            "tool":"search_clients","tool_call_id":"call-1","timestamp":"2026-03-31T09:30:00+00:00","duration_ms":0}
            """,
            harness.Told());
    }

    [Fact]
    public async Task GetClientSummary_Found_GivesConcernsGoalsAndSessions()
    {
        await using var harness = await AgentHarness.StartForCallAsync("get_client_summary", new { client_id = Sample.ClientId });
        harness.Api.On($"GET /api/v1/clients/{Sample.ClientId}/summary", Sample.Summary);

        await harness.RunAsync();

        Assert.Equal($"/api/v1/clients/{Sample.ClientId}/summary?includeRecentSessions=true", harness.Api.Requests[0].Target);
        JsonAssert.Equal(
            $$"""
            {"client_id":"{{Sample.ClientId}}","client_name":"Maya Okafor","status":"active","pronouns":"she/her","started_at":"2025-09-01T00:00:00+00:00",
            "practitioner_name":"Dr. Ana Reyes","presenting_concerns":"Poor sleep","goals":["Sleep through"],"notes":"Prefers mornings","session_count":3,
            "recent_sessions":[{"session_id":"{{Sample.SessionId}}","title":"Follow-up","recording_date":"2026-03-20T10:00:00+00:00","duration":3000,
            "total_segments":2,"has_transcript":true}]}
            """,
            harness.Told().GetProperty("result"));
    }

    [Fact]
    [Trait("Spec", "T000-044")]
    [Trait("Spec", "T000-045")]
    [Trait("Spec", "T000-192")]
    public async Task SearchThenSummary_IdFromTheResult_SameIdentityOnBothCalls()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "search_clients", new { query = "Maya" })),
            (request, token) => Calls(Call("call-2", "get_client_summary", new { client_id = IdIn(request) }))(request, token),
            Says("Done.")));
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients).On($"GET /api/v1/clients/{Sample.ClientId}/summary", Sample.Summary);

        await harness.RunAsync();

        Assert.Equal(
            [("Bearer run-token", $"{harness.User.ProfileId}", "correlation-1"), ("Bearer run-token", $"{harness.User.ProfileId}", "correlation-1")],
            harness.Api.Requests.Select(request => (request.Headers["Authorization"], request.Headers["ProfileID"], request.Headers["X-Correlation-Id"])));
        Assert.True(harness.Told(1).GetProperty("success").GetBoolean());
    }

    private static string IdIn(ModelRequest request) =>
        ((System.Text.Json.JsonElement)request.Results[0].Result!).GetProperty("result").GetProperty("clients")[0].GetProperty("client_id").GetString()!;
}
