using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tests.Services;
using Microsoft.AspNetCore.Http;
using static AiPlatform.Services.Chat.Tests.Agents.ScriptedModel;

namespace AiPlatform.Services.Chat.Tests.Tools.Documents;

public class DocumentToolTests
{
    [Fact]
    public async Task CheckDocumentReadiness_AllThere_IsReady()
    {
        await using var harness = await AgentHarness.StartForCallAsync("check_document_readiness", screen: Sample.ReadyScreen());

        await harness.RunAsync();

        JsonAssert.Equal(
            $$"""
            {"ready":true,"missing":[],"template":{"template_id":"{{Sample.TemplateId}}","template_name":"Progress note"},
            "client":{"client_id":"{{Sample.ClientId}}","client_name":"Maya Okafor"},
            "sessions":[{"session_id":"{{Sample.SessionId}}","client_id":"{{Sample.ClientId}}","client_name":"Maya Okafor"}]}
            """,
            harness.Told().GetProperty("result"));
    }

    [Fact]
    public async Task CheckDocumentReadiness_NothingThere_NamesWhatIsMissing()
    {
        await using var harness = await AgentHarness.StartForCallAsync("check_document_readiness");

        await harness.RunAsync();

        JsonAssert.Equal("""{"ready":false,"missing":["template","sessions","client"],"sessions":[]}""", harness.Told().GetProperty("result"));
    }

    [Fact]
    [Trait("Spec", "T000-126")]
    public async Task GenerateDocumentAuto_Ready_SendsTemplateAndSessionsUnderTheCallsKey()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "generate_document_auto", new { document_name = "March note", generation_instructions = "Keep it short" }, Sample.ReadyScreen());
        harness.Documents.On("POST /api/v1/documents/generate", Sample.Document(), 201);

        var outcome = await harness.RunAsync();

        var sent = Assert.Single(harness.Documents.Requests);
        JsonAssert.Equal(
            $$"""
            {"template":{"id":"{{Sample.TemplateId}}","name":"Progress note"},"documentName":"March note","instructions":"Keep it short",
            "clientId":"{{Sample.ClientId}}","sessionIds":["{{Sample.SessionId}}"],"chatSessionId":"chat-1"}
            """,
            System.Text.Json.JsonElement.Parse(sent.Body));
        Assert.Equal($"{harness.RunId}:call-1", sent.Headers["Idempotency-Key"]);
        Assert.Equal([new DocumentSummary(Sample.DocumentId, "Progress note - Maya Okafor", 1)], outcome.Documents);
        Assert.Equal(
            [new UiDocument { DocumentId = Sample.DocumentId, DocumentName = "Progress note - Maya Okafor", Version = 1 }],
            harness.Screen.State.GeneratedDocuments);
        var action = Assert.Single(harness.UiActions);
        JsonAssert.Equal(
            $$"""
            {"type":"generate_document_from_loaded","target":"live_transcribe_page","payload":{"documentId":"{{Sample.DocumentId}}",
            "documentName":"Progress note - Maya Okafor","version":1,"clientId":"{{Sample.ClientId}}","clientName":"Maya Okafor",
            "templateId":"{{Sample.TemplateId}}","templateName":"Progress note","sessionIds":["{{Sample.SessionId}}"],"isRegeneration":false,
            "generationInstructions":"Keep it short"} }
            """,
            action);
        JsonAssert.Equal(
            $$"""
            {"status":"ui_action_requested","document_id":"{{Sample.DocumentId}}","document_name":"Progress note - Maya Okafor","version":1,
            "client_id":"{{Sample.ClientId}}","client_name":"Maya Okafor","template_name":"Progress note","session_ids":["{{Sample.SessionId}}"],
            "created_at":"2026-03-31T09:30:00+00:00","sentences":2,"unsupported_sentences":1,"content":"# Note\n\nSlept badly.",
            "ui_action":{{action.GetRawText()}},"user_message":"The document is written."}
            """,
            harness.Told().GetProperty("result"));
    }

    [Theory]
    [InlineData(true, "No session is loaded. Load one with load_session first.")]
    [InlineData(false, "No template is selected. Select one with select_template_by_name first.")]
    public async Task GenerateDocumentAuto_NotReady_SaysWhatIsMissingWithoutACall(bool withTemplate, string message)
    {
        var screen = withTemplate
            ? Sample.ReadyScreen() with { LoadedSessions = [] }
            : Sample.ReadyScreen() with { SelectedTemplate = null };
        await using var harness = await AgentHarness.StartForCallAsync("generate_document_auto", screen: screen);

        await harness.RunAsync();

        JsonAssert.Equal($$"""{"code":"validation_error","message":"{{message}}","retryable":false}""", harness.Told().GetProperty("error"));
        Assert.Empty(harness.Documents.Requests);
        Assert.Empty(harness.UiActions);
    }

    [Fact]
    public async Task GenerateDocumentFromLoaded_WithoutSessions_UsesTheCurrentClientsOwn()
    {
        var screen = Sample.ReadyScreen() with
        {
            LoadedSessions =
            [
                new UiLoadedSession { SessionId = Sample.OtherSessionId, ClientId = Sample.OtherClientId },
                new UiLoadedSession { SessionId = Sample.SessionId, ClientId = Sample.ClientId },
            ],
        };
        await using var harness = await AgentHarness.StartForCallAsync(
            "generate_document_from_loaded", new { template_content = "# Mine", template_name = "Mine" }, screen);
        harness.Documents.On("POST /api/v1/documents/generate", Sample.Document(), 201);

        await harness.RunAsync();

        JsonAssert.Equal(
            $$"""
            {"template":{"name":"Mine","content":"# Mine"},"clientId":"{{Sample.ClientId}}","sessionIds":["{{Sample.SessionId}}"],"chatSessionId":"chat-1"}
            """,
            System.Text.Json.JsonElement.Parse(harness.Documents.Requests[0].Body));
        Assert.Equal("generate_document_from_loaded", Assert.Single(harness.UiActions).GetProperty("type").GetString());
    }

    [Fact]
    public async Task GenerateDocumentFromLoaded_SessionsOfTwoClients_IsRefusedWithoutACall()
    {
        var screen = Sample.ReadyScreen() with
        {
            LoadedSessions =
            [
                new UiLoadedSession { SessionId = Sample.OtherSessionId, ClientId = Sample.OtherClientId },
                new UiLoadedSession { SessionId = Sample.SessionId, ClientId = Sample.ClientId },
            ],
        };
        await using var harness = await AgentHarness.StartForCallAsync(
            "generate_document_from_loaded",
            new { template_content = "# Mine", sessions = new[] { Sample.SessionId, Sample.OtherSessionId } },
            screen);

        await harness.RunAsync();

        Assert.Equal("validation_error", harness.Told().GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(harness.Documents.Requests);
    }

    [Fact]
    public async Task GenerateDocumentFromLoaded_OffTheTranscribePage_IsRefused()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "generate_document_from_loaded", new { template_content = "# Mine" }, Sample.ReadyScreen() with { PageType = "client_details" });

        await harness.RunAsync();

        Assert.Equal("transcribe_page", harness.Told().GetProperty("error").GetProperty("suggested_page").GetString());
        Assert.Empty(harness.Documents.Requests);
    }

    [Fact]
    public async Task RefineDocument_Known_MakesANewVersionAndReplacesItOnTheScreen()
    {
        var screen = Sample.ReadyScreen() with { GeneratedDocuments = [new UiDocument { DocumentId = Sample.DocumentId, DocumentName = "Old", Version = 1 }] };
        await using var harness = await AgentHarness.StartForCallAsync(
            "refine_document",
            new { document_id = Sample.DocumentId, refinement_instructions = "Shorter", new_document_name = "Short note" },
            screen);
        harness.Documents.On($"POST /api/v1/documents/{Sample.DocumentId}/refine", Sample.Document(version: 2), 201);

        var outcome = await harness.RunAsync();

        var sent = Assert.Single(harness.Documents.Requests);
        JsonAssert.Equal("""{"instructions":"Shorter","documentName":"Short note"}""", System.Text.Json.JsonElement.Parse(sent.Body));
        Assert.Equal($"{harness.RunId}:call-1", sent.Headers["Idempotency-Key"]);
        var payload = Assert.Single(harness.UiActions).GetProperty("payload");
        Assert.Equal((true, 2), (payload.GetProperty("isRegeneration").GetBoolean(), payload.GetProperty("version").GetInt32()));
        Assert.Equal(
            [new UiDocument { DocumentId = Sample.DocumentId, DocumentName = "Progress note - Maya Okafor", Version = 2 }],
            harness.Screen.State.GeneratedDocuments);
        Assert.Equal([new DocumentSummary(Sample.DocumentId, "Progress note - Maya Okafor", 2)], outcome.Documents);
    }

    [Fact]
    public async Task RefineDocument_WriterCouldNotDoAll_ModelIsTold()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "refine_document", new { document_id = Sample.DocumentId, refinement_instructions = "Plan to the top" },
            Sample.ReadyScreen() with { GeneratedDocuments = [new UiDocument { DocumentId = Sample.DocumentId, DocumentName = "Old", Version = 1 }] });
        harness.Documents.On(
            $"POST /api/v1/documents/{Sample.DocumentId}/refine", Sample.Document(version: 2, note: "The plan stays where it is."), 201);

        await harness.RunAsync();

        Assert.Equal("The plan stays where it is.", harness.Told().GetProperty("result").GetProperty("note").GetString());
    }

    [Fact]
    public async Task GenerateDocumentAuto_DocumentsFails_IsNeverRepeatedNorCalledRepeatable()
    {
        await using var harness = await AgentHarness.StartForCallAsync("generate_document_auto", screen: Sample.ReadyScreen());
        harness.Documents.On("POST /api/v1/documents/generate", "{}", 500);

        var outcome = await harness.RunAsync();

        Assert.Single(harness.Documents.Requests);
        JsonAssert.Equal(
            """{"code":"upstream_error","message":"The service failed to answer.","retryable":false}""", harness.Told().GetProperty("error"));
        Assert.Empty(outcome.Documents);
        Assert.Empty(harness.UiActions);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    [InlineData(409, "idempotency.in_progress")]
    public async Task GenerateDocumentAuto_NotAnswered_IsAskedForAgainUnderTheSameKey(int status, string? code = null)
    {
        await using var harness = await AgentHarness.StartForCallAsync("generate_document_auto", screen: Sample.ReadyScreen());
        for (var answer = 0; answer < 3; answer++)
        {
            harness.Documents.On("POST /api/v1/documents/generate", context => RefuseAsync(context, status, code));
        }

        harness.Documents.On("POST /api/v1/documents/generate", Sample.Document(), 201);

        var outcome = await harness.RunAsync();

        Assert.Equal([new DocumentSummary(Sample.DocumentId, "Progress note - Maya Okafor", 1)], outcome.Documents);
        Assert.Equal(4, harness.Documents.Requests.Count);
        Assert.Equal([$"{harness.RunId}:call-1"], harness.Documents.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal("completed", outcome.ToolCalls.Single().Status);
    }

    private static Task RefuseAsync(HttpContext context, int status, string? code)
    {
        if (status == 0)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { detail = "Not now.", code }, options: null, "application/problem+json");
    }

    [Fact]
    [Trait("Spec", "T000-112")]
    [Trait("Spec", "T000-212")]
    [Trait("Spec", "T000-130")]
    public async Task SixToolWorkflow_FromClientToDocument_RunsInOrderAndActsInOrder()
    {
        await using var harness = await StartWorkflowAsync();

        var outcome = await harness.RunAsync();

        string[] order = ["search_clients", "get_client_summary", "search_sessions", "load_session", "select_template_by_name", "generate_document_auto"];
        Assert.Equal(order, outcome.ToolCalls.Where(call => call.Status == "completed").Select(call => call.ToolName));
        Assert.Equal(
            ["set_selected_template", "generate_document_from_loaded"],
            harness.UiActions.Select(action => action.GetProperty("type").GetString()));
        Assert.Equal(["text_chunk", "ui_action", "ui_action"], harness.FrameTypes.TakeLast(3));
        Assert.Contains($"\"sessionIds\":[\"{Sample.SessionId}\"]", harness.Documents.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Spec", "T000-120")]
    [Trait("Spec", "T000-121")]
    public async Task SixToolWorkflow_EveryCall_CarriesTheSameIdentity()
    {
        await using var harness = await StartWorkflowAsync();

        await harness.RunAsync();

        var identities = harness.Api.Requests.Concat(harness.Documents.Requests)
            .Select(request => (request.Headers["Authorization"], request.Headers["ProfileID"], request.Headers["X-Correlation-Id"]));
        Assert.Equal(Enumerable.Repeat(("Bearer run-token", $"{harness.User.ProfileId}", "correlation-1"), 6), identities);
    }

    [Fact]
    [Trait("Spec", "T000-118")]
    public async Task SixToolWorkflow_OneReadFailsInPassing_Completes()
    {
        await using var harness = await StartWorkflowAsync(api => api.On("GET /api/v1/sessions/search", "{}", 503));

        var outcome = await harness.RunAsync();

        Assert.Equal(Enumerable.Repeat("completed", 6), outcome.ToolCalls.Select(call => call.Status));
        Assert.Equal(2, harness.Api.Requests.Count(request => request.Target.StartsWith("/api/v1/sessions/search", StringComparison.Ordinal)));
    }

    private static async Task<AgentHarness> StartWorkflowAsync(Action<NeighbourServer>? prepare = null)
    {
        var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "search_clients", new { query = "Maya" })),
            Calls(Call("call-2", "get_client_summary", new { client_id = Sample.ClientId })),
            Calls(Call("call-3", "search_sessions", new { client_id = Sample.ClientId })),
            Calls(Call("call-4", "load_session", new { session_id = Sample.SessionId, client_id = Sample.ClientId })),
            Calls(Call("call-5", "select_template_by_name", new { template_name = "Progress note" })),
            Calls(Call("call-6", "generate_document_auto")),
            Says("The note is ready.")));
        prepare?.Invoke(harness.Api);
        harness.Api
            .On("GET /api/v1/clients/search", Sample.Clients)
            .On($"GET /api/v1/clients/{Sample.ClientId}/summary", Sample.Summary)
            .On("GET /api/v1/sessions/search", Sample.Sessions)
            .On($"GET /api/v1/sessions/{Sample.SessionId}", Sample.Session);
        harness.Documents.On("GET /api/v1/templates", Sample.Templates).On("POST /api/v1/documents/generate", Sample.Document(), 201);
        return harness;
    }
}
