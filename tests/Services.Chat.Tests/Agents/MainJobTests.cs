using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Tools;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>The platform's main job with the embedded model: nothing between the request and the neighbours is scripted.</summary>
public class MainJobTests
{
    [Fact]
    public async Task FindAndDocument_InTwoTurns_FindsLoadsAndWrites()
    {
        await using var harness = await AgentHarness.StartWithModelsAsync(new UiState { PageType = "transcribe_page" });
        harness.Api
            .On("GET /api/v1/clients/search", Sample.Clients)
            .On("GET /api/v1/sessions/search", Sample.Sessions)
            .On($"GET /api/v1/sessions/{Sample.SessionId}", Sample.Session);
        harness.Documents.On("GET /api/v1/templates", Sample.Templates).On("POST /api/v1/documents/generate", Sample.Document(), 201);

        const string First = "Find Maya Okafor and show me the last session";
        var found = await harness.RunAsync(First);
        var written = await harness.RunAsync(harness.Run("Write a progress note from it") with
        {
            History = [new(ChatRole.User, First), new(ChatRole.Assistant, found.Text)],
        });

        Assert.Equal(
            ["search_clients completed", "search_sessions completed", "load_session completed"],
            found.ToolCalls.Select(call => $"{call.ToolName} {call.Status}"));
        Assert.All(written.ToolCalls, call => Assert.Equal("completed", call.Status));
        Assert.Equal(Sample.DocumentId, Assert.Single(written.Documents).DocumentId);
        Assert.NotEmpty(found.Text);
        Assert.NotEmpty(written.Text);
    }
}
