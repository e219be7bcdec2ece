using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Distributed.Tests;

/// <summary>What one service answers is what the next one, and whoever asks over HTTP, makes of it.</summary>
[Collection(GraphTests.Name)]
public sealed class NeighbourTests(GraphFixture graph)
{
    [Fact]
    [Trait("Spec", "T000-165")]
    public async Task Templates_AskedForInAConversation_AreThoseOfTheDocumentsServiceFieldForField()
    {
        var token = await graph.SignInAsync();
        using var documents = graph.CreateClient("documents", token);
        var listed = (await documents.GetFromJsonAsync<JsonElement>("/api/v1/templates")).GetProperty("items").EnumerateArray()
            .Select(template => (Text(template, "id"), Text(template, "name"), Text(template, "description"), Text(template, "type"), template.GetProperty("variables").GetArrayLength())).ToHashSet();
        await using var socket = await Conversation.OpenAsync(graph.App, token, $"templates-{Guid.CreateVersion7():N}");

        var run = await Conversation.SayAsync(socket, "What templates do we have?");

        Assert.Equal(["get_templates"], Conversation.ToolsOf(run));
        var result = run.Single(frame => frame.Type is "tool_completed").Json.GetProperty("payload").GetProperty("result");
        // A frame shows as many as fit into it, and a word for the rest.
        var shown = result.GetProperty("templates").EnumerateArray().Where(template => template.ValueKind is JsonValueKind.Object)
            .Select(template => (
                Text(template, "template_id"), Text(template, "template_name"), Text(template, "template_description"), Text(template, "template_type"),
                template.GetProperty("variables").GetArrayLength()))
            .ToHashSet();
        Assert.NotEmpty(shown);
        Assert.Subset(listed, shown);
        Assert.Equal(listed.Count, result.GetProperty("total").GetInt32());
    }

    [Fact]
    [Trait("Spec", "T000-167")]
    public async Task Document_GeneratedOverHttp_ReadsBackAsItWasMade()
    {
        var token = await graph.SignInAsync();
        using var api = graph.CreateClient("api", token);
        using var documents = graph.CreateClient("documents", token);
        var session = (await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=1")).GetProperty("items")[0].GetProperty("sessionId").GetString()!;
        var template = (await documents.GetFromJsonAsync<JsonElement>("/api/v1/templates?searchQuery=progress")).GetProperty("items")[0].GetProperty("id").GetString();

        using var response = await documents.PostAsJsonAsync("/api/v1/documents/generate", new { template = new { id = template }, sessionIds = new[] { session } });
        var made = await response.Content.ReadFromJsonAsync<JsonElement>();
        var read = await documents.GetFromJsonAsync<JsonElement>($"/api/v1/documents/{made.GetProperty("id").GetString()}");

        Assert.True(response.IsSuccessStatusCode, made.GetRawText());
        Assert.Equal(made.GetRawText(), read.GetRawText());
    }

    [Fact]
    public async Task Key_MadeAtTheChatService_IsInThePracticesAudit()
    {
        var token = await graph.SignInAsync("owner");
        using var api = graph.CreateClient("api", token);
        using var chat = graph.CreateClient("chat", token);
        chat.DefaultRequestHeaders.Add("Idempotency-Key", $"{Guid.CreateVersion7()}");

        using var made = await chat.PostAsJsonAsync("/api/v1/keys", new { name = "audited" });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key");
        using var revoked = await chat.DeleteAsync($"/api/v1/keys/{Text(key, "id")}");

        Assert.True(made.IsSuccessStatusCode && revoked.IsSuccessStatusCode, key.GetRawText());
        JsonElement[] events = [];
        await Eventually.BecomesTrueAsync(
            async () => (events = [.. (await api.GetFromJsonAsync<JsonElement>($"/api/v1/audit/events?recordId={Text(key, "id")}")).GetProperty("items").EnumerateArray()]).Length >= 2,
            "the audit has both");
        Assert.Equal(
            [(Text(key, "userId"), "owner", "key.revoked", "virtual_key", "success"), (Text(key, "userId"), "owner", "key.created", "virtual_key", "success")],
            events.Select(told => (Text(told, "userId"), Text(told, "role"), Text(told, "action"), Text(told, "recordType"), Text(told, "outcome"))));
    }

    [Fact]
    [Trait("Spec", "T000-166")]
    public async Task Session_SearchedLoadedAndValidated_IsTheOneOfThePracticeFieldForField()
    {
        var token = await graph.SignInAsync();
        using var api = graph.CreateClient("api", token);
        var clientName = await SampleClients.WithSessionsAsync(api);
        var newest = (await api.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/search?clientName={Uri.EscapeDataString(clientName)}&limit=1")).GetProperty("items")[0];
        var (sessionId, clientId) = (Text(newest, "sessionId"), Text(newest, "clientId"));
        await using var socket = await Conversation.OpenAsync(graph.App, token, $"sessions-{Guid.CreateVersion7():N}");

        var run = await Conversation.SayAsync(socket, Conversation.FindSession(clientName));
        var found = Conversation.ResultOf(run, "search_sessions").GetProperty("sessions")[0];
        var loaded = Conversation.ResultOf(run, "load_session");
        using var validated = await api.PostAsJsonAsync("/api/v1/sessions/validate", new { sessions = new[] { new { sessionId = Text(loaded, "session_id"), clientId = Text(loaded, "client_id") } } });

        foreach (var shown in (JsonElement[])[found, loaded])
        {
            Assert.Equal(
                (sessionId, clientId, clientName, Text(newest, "title"), newest.GetProperty("totalSegments").GetInt32(), newest.GetProperty("durationSeconds").GetInt32()),
                (Text(shown, "session_id"), Text(shown, "client_id"), Text(shown, "client_name"), Text(shown, "title"), shown.GetProperty("total_segments").GetInt32(), shown.GetProperty("duration").GetInt32()));
        }

        var answer = Assert.Single((await validated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray());
        Assert.Equal(
            (sessionId, clientId, "ready", newest.GetProperty("totalSegments").GetInt32()),
            (Text(answer, "sessionId"), Text(answer, "clientId"), Text(answer, "state"), answer.GetProperty("totalSegments").GetInt32()));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
