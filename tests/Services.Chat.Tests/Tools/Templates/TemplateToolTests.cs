using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Agents;

namespace AiPlatform.Services.Chat.Tests.Tools.Templates;

public class TemplateToolTests
{
    [Fact]
    public async Task GetTemplates_WithFilter_GivesContentsAndVariables()
    {
        await using var harness = await AgentHarness.StartForCallAsync("get_templates", new { template_type = "clinic", search_query = "progress" });
        harness.Documents.On("GET /api/v1/templates", Sample.Templates);

        await harness.RunAsync();

        Assert.Equal("/api/v1/templates?templateType=clinic&searchQuery=progress", harness.Documents.Requests[0].Target);
        JsonAssert.Equal(
            $$"""
            {"templates":[
            {"template_id":"{{Sample.TemplateId}}","template_name":"Progress note","template_description":"After each session","template_type":"clinic","template_content":"# Note","variables":["clientName"]},
            {"template_id":"{{Sample.OtherClientId}}","template_name":"Progress note (short)","template_description":"","template_type":"private","template_content":"# Short","variables":[]},
            {"template_id":"{{Sample.OtherSessionId}}","template_name":"Letter to GP","template_type":"public","template_content":"# Letter","variables":[]}],"total":3}
            """,
            harness.Told().GetProperty("result"));
    }

    [Theory]
    [InlineData("PROGRESS NOTE")]
    [InlineData(" progress note ")]
    public async Task SelectTemplateByName_WholeNameInAnyCase_SelectsIt(string name)
    {
        await using var harness = await AgentHarness.StartForCallAsync("select_template_by_name", new { template_name = name });
        harness.Documents.On("GET /api/v1/templates", Sample.Templates);

        await harness.RunAsync();

        JsonAssert.Equal(
            $$"""
            {"type":"set_selected_template","target":"live_transcribe_page","payload":{"templateId":"{{Sample.TemplateId}}","templateName":"Progress note",
            "templateContent":"# Note","templateDescription":"After each session"} }
            """,
            Assert.Single(harness.UiActions));
        Assert.Equal(
            new UiTemplate { TemplateId = Sample.TemplateId, TemplateName = "Progress note", TemplateContent = "# Note" },
            harness.Screen.State.SelectedTemplate);
        Assert.Equal("ui_action_requested", harness.Told().GetProperty("result").GetProperty("status").GetString());
    }

    [Fact]
    public async Task SelectTemplateByName_PartOfOneName_SelectsIt()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "select_template_by_name", new { template_name = "letter" }, new UiState { PageType = "session_viewer" });
        harness.Documents.On("GET /api/v1/templates", Sample.Templates);

        await harness.RunAsync();

        Assert.Equal("Letter to GP", harness.Screen.State.SelectedTemplate?.TemplateName);
    }

    [Theory]
    [InlineData("progress", "validation_error", "Several templates fit that name: Progress note, Progress note (short). Ask which one is meant.")]
    [InlineData("invoice", "not_found", "No template has that name. There are: Progress note, Progress note (short), Letter to GP.")]
    public async Task SelectTemplateByName_NotOneTemplate_NamesThemAndSelectsNothing(string name, string code, string message)
    {
        await using var harness = await AgentHarness.StartForCallAsync("select_template_by_name", new { template_name = name });
        harness.Documents.On("GET /api/v1/templates", Sample.Templates);

        await harness.RunAsync();

        JsonAssert.Equal($$"""{"code":"{{code}}","message":"{{message}}","retryable":false}""", harness.Told().GetProperty("error"));
        Assert.Null(harness.Screen.State.SelectedTemplate);
        Assert.Empty(harness.UiActions);
    }

    [Fact]
    public async Task SelectTemplateByName_OnTheDashboard_IsRefusedWithoutACall()
    {
        await using var harness = await AgentHarness.StartForCallAsync(
            "select_template_by_name", new { template_name = "letter" }, new UiState { PageType = "dashboard" });

        await harness.RunAsync();

        Assert.Equal("page_not_supported", harness.Told().GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(harness.Documents.Requests);
    }
}
