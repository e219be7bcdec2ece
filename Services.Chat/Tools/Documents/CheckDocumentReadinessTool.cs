namespace AiPlatform.Services.Chat.Tools.Documents;

internal sealed class CheckDocumentReadinessTool() : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "check_document_readiness",
        ToolKind.Read,
        "Tells whether a document can be generated now and what is missing: a selected template, loaded sessions, a client.",
        "Checking what the document still needs.",
        new())
    {
        Personas = [PersonaNames.WebAssistant, PersonaNames.TranscriberAgent],
    };

    protected override Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var state = arguments.Call.UiState;
        List<string> missing = [];
        if (state.SelectedTemplate is null)
        {
            missing.Add("template");
        }

        if (state.LoadedSessions.Count == 0)
        {
            missing.Add("sessions");
        }

        if (state.CurrentClient is null && state.LoadedSessions.All(session => session.ClientId is null))
        {
            missing.Add("client");
        }

        var result = new ReadinessResult(
            missing.Count == 0,
            missing,
            state.SelectedTemplate is { } template ? new(template.TemplateId, template.TemplateName) : null,
            state.CurrentClient is { } client ? new(client.ClientId, client.ClientName) : null,
            [.. state.LoadedSessions.Select(session => new ReadySession(session.SessionId, session.ClientId, session.ClientName))]);
        var message = missing.Count == 0 ? "Everything is ready for a document." : $"Still missing: {string.Join(", ", missing)}.";
        return Task.FromResult(ToolOutcome.Of(result, ToolJsonContext.Default.ReadinessResult, message));
    }
}

internal sealed record ReadinessResult(
    bool Ready, IReadOnlyList<string> Missing, ReadyTemplate? Template, ReadyClient? Client, IReadOnlyList<ReadySession> Sessions);

internal sealed record ReadyTemplate(string TemplateId, string? TemplateName);

internal sealed record ReadyClient(string ClientId, string? ClientName);

internal sealed record ReadySession(string SessionId, string? ClientId, string? ClientName);
