using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Agents.Personas;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;
using static AiPlatform.Services.Chat.Tests.Agents.ScriptedModel;

namespace AiPlatform.Services.Chat.Tests.Agents;

public class PersonaTests
{
    [Fact]
    [Trait("Spec", "T000-022")]
    [Trait("Spec", "T000-031")]
    [Trait("Spec", "T000-034")]
    public void Get_WebAssistant_HasItsSettings()
    {
        var persona = Catalog(new()).Get("web_assistant");

        Assert.Equal(("web_assistant", "default", 0.7f, 8192, true), (persona.Name, persona.Model, persona.Temperature, persona.MaxOutputTokens, persona.SeesPractice));
        Assert.NotEmpty(persona.Prompt);
    }

    [Fact]
    [Trait("Spec", "T000-035")]
    public void Get_WebAssistant_PromptForbidsDiagnosesAndAsksForToolsAndEvidence()
    {
        var prompt = Catalog(new()).Get("web_assistant").Prompt;

        Assert.Contains("Never diagnose.", prompt, StringComparison.Ordinal);
        Assert.Contains("Use a tool whenever the answer depends on the practice's data", prompt, StringComparison.Ordinal);
        Assert.Contains("Rest every clinical statement on evidence", prompt, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Spec", "T000-026")]
    public void Get_UnknownPersona_IsAValidationError()
    {
        var thrown = Assert.Throws<DomainException>(() => Catalog(new()).Get("nobody"));

        Assert.Equal((DomainErrorKind.Invalid, "persona.unknown"), (thrown.Kind, thrown.Code));
    }

    [Fact]
    public async Task Run_WithAnOperatorsSettings_UsesThem()
    {
        await using var harness = await AgentHarness.StartAsync(
            new(Says("Hello.")),
            null,
            ("Agents:Personas:web_assistant:Model", "clinical"),
            ("Agents:Personas:web_assistant:Temperature", "0.2"),
            ("Agents:Personas:web_assistant:MaxOutputTokens", "900"));

        await harness.RunAsync();

        var options = harness.Model.Requests[0].Options;
        Assert.Equal(("clinical", 0.2f, 900), (harness.Model.AskedFor, options.Temperature, options.MaxOutputTokens));
    }

    [Fact]
    public async Task Run_WithAModelOfItsOwn_AsksForThatOne()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")));

        await harness.RunAsync(harness.Run() with { Model = "fast" });

        Assert.Equal("fast", harness.Model.AskedFor);
    }

    [Fact]
    [Trait("Spec", "T000-106")]
    public async Task Run_TwiceOnDifferentPages_EachSeesItsOwn()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")), new UiState { PageType = "dashboard" });

        await harness.RunAsync();
        await harness.Screen.UpdateAsync(SessionScreen.Key(harness.User), state => state with { PageType = "sessions_list" }, default);
        await harness.RunAsync();

        Assert.Equal(
            [true, false], harness.Model.Requests.Select(request => request.System.Contains("\"page_type\":\"dashboard\"", StringComparison.Ordinal)));
    }

    private static PersonaCatalog Catalog(AgentOptions options) => new(Options.Create(options));
}
