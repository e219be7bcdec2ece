using System.Text.Json;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static AiPlatform.Services.Chat.Tests.Agents.ScriptedModel;

namespace AiPlatform.Services.Chat.Tests.Tools;

public class ToolCatalogTests
{
    private static readonly string[] Everywhere =
    [
        "analyze_session_content", "check_document_readiness", "generate_document_auto", "get_client_summary", "get_templates", "load_session",
        "refine_document", "search_clients", "search_sessions", "semantic_search_sessions",
    ];

    public static TheoryData<string, string[]> Pages => new()
    {
        { "unknown", [] },
        { "dashboard", [] },
        { "client_details", ["load_session_direct"] },
        { "sessions_list", ["load_session_direct"] },
        { "session_viewer", ["select_template_by_name"] },
        { "transcribe_page", ["generate_document_from_loaded", "load_session_direct", "select_template_by_name"] },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    [Trait("Spec", "T000-111")]
    public async Task Run_OnAPage_OffersThePersonasToolsThatWorkThere(string page, string[] more)
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")), new UiState { PageType = page });

        await harness.RunAsync();

        Assert.Equal(
            Everywhere.Concat(more).Order(StringComparer.Ordinal), harness.Model.Requests[0].Options.Tools!.Select(tool => tool.Name));
    }

    [Fact]
    [Trait("Spec", "T001-226")]
    public async Task Schemas_OfAllTools_AreAsListed()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")));

        var tools = harness.Service<ToolCatalog>().ToolsOf("web_assistant");

        string[] expected =
        [
            "analyze_session_content(session_id!:string, client_id!:string, analysis_type:string=\"comprehensive\")",
            "check_document_readiness()",
            "generate_document_auto(document_name:string, generation_instructions:string)",
            "generate_document_from_loaded(template_content!:string, template_name:string, document_name:string, generation_instructions:string, sessions:array)",
            "get_client_summary(client_id!:string, include_recent_sessions:boolean=true)",
            "get_templates(template_type:string=\"all\", search_query:string)",
            "load_session(session_id!:string, client_id!:string, include_segments:boolean=true)",
            "load_session_direct(session_id!:string, client_id!:string, client_name!:string, recording_date!:string, duration!:number, total_segments!:integer, average_confidence!:number)",
            "refine_document(document_id!:string, refinement_instructions!:string, new_document_name:string)",
            "search_clients(query!:string, limit:integer=10)",
            "search_sessions(client_name:string, client_id:string, date_from:string, date_to:string, keywords:string, limit:integer=10)",
            "select_template_by_name(template_name!:string)",
            "semantic_search_sessions(query!:string, transcript_ids!:array, limit:integer=20, similarity_threshold:number=0.7)",
        ];
        Assert.Equal(expected, tools.Select(Signature));
        Assert.All(tools, tool => Assert.True(tool.Description.Length > 40));
    }

    [Fact]
    public async Task Schema_OfOneTool_IsWholeJsonSchema()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")));

        var schema = harness.Service<ToolCatalog>().Find("get_templates")!.JsonSchema;

        JsonAssert.Equal(
            """
            {"type":"object","properties":{
            "template_type":{"type":"string","description":"Whose templates to list.","enum":["all","private","clinic","public"],"default":"all"},
            "search_query":{"type":"string","description":"Words of a template's name or description."}},
            "required":[],"additionalProperties":false}
            """,
            schema);
    }

    [Fact]
    public async Task Admit_ToolOfAnotherPersona_IsRefusedAndRecordedWithoutContents()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")));
        var records = new RecordedLog<ToolCatalog>();
        using var scope = harness.Services.CreateScope();
        var catalog = new ToolCatalog(scope.ServiceProvider.GetServices<AgentTool>(), records);
        var run = new ToolScope(
            harness.RunId, "jaimee_therapist", harness.User, SessionScreen.Key(harness.User), harness.GetAsync, "correlation-1");

        var admission = catalog.Admit(run, "search_clients", "transcribe_page");

        Assert.Null(admission.Tool);
        Assert.Equal("tool_not_permitted", admission.Refusal!.Error!.Code);
        Assert.Equal(
            [$"Warning Refused tool search_clients to persona jaimee_therapist in run {harness.RunId} of user {harness.User.UserId}."], records.Lines);
    }

    [Fact]
    public async Task Run_ModelForcesAToolOfAnotherPersona_IsRefusedAndNeverExecuted()
    {
        var tool = new TestTool(ToolKind.Read, _ => throw new InvalidOperationException("It ran."), persona: "jaimee_therapist");
        await using var harness = await AgentHarness.StartWithToolAsync(new(Calls(Call("call-1", "test_tool")), Says("I may not do that.")), tool);

        var outcome = await harness.RunAsync();

        JsonAssert.Equal(
            """{"code":"tool_not_permitted","message":"test_tool is not among the tools of web_assistant.","retryable":false}""",
            harness.Told().GetProperty("error"));
        Assert.Equal(0, tool.Attempts);
        Assert.Equal(["agent_thinking", "text_chunk"], harness.FrameTypes);
        Assert.Equal("failed", Assert.Single(outcome.ToolCalls).Status);
        Assert.DoesNotContain("test_tool", harness.Model.Requests[0].Options.Tools!.Select(offered => offered.Name));
    }

    [Fact]
    [Trait("Spec", "T001-231")]
    public void Catalog_WithTwoToolsOfOneName_IsRejected()
    {
        AgentTool[] tools = [new TestTool(ToolKind.Read, null!), new TestTool(ToolKind.Write, null!)];

        Assert.Throws<ArgumentException>(() => new ToolCatalog(tools, new RecordedLog<ToolCatalog>()));
    }

    private static string Signature(AgentTool tool)
    {
        var required = tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToHashSet();
        var parameters = tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(property =>
            $"{property.Name}{(required.Contains(property.Name) ? "!" : "")}:{property.Value.GetProperty("type").GetString()}"
            + (property.Value.TryGetProperty("default", out JsonElement standard) ? $"={standard.GetRawText()}" : ""));
        return $"{tool.Name}({string.Join(", ", parameters)})";
    }

    private sealed class RecordedLog<T> : ILogger<T>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
