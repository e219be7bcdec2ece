using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tools.Documents;

internal sealed class GenerateDocumentAutoTool(DocumentsApi documents) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "generate_document_auto",
        ToolKind.Write,
        "Generates a clinical document, such as a progress note, with the selected template and the loaded sessions. Both must be there; check_document_readiness tells.",
        "Writing the document with the selected template.",
        new(
            new("document_name", ToolParameterType.Text, "A name for the document.") { Longest = DocumentLimits.Name },
            new("generation_instructions", ToolParameterType.Text, "What the user wants of the document beyond the template.") { Longest = DocumentLimits.Instructions }))
    {
        Personas = [PersonaNames.WebAssistant, PersonaNames.TranscriberAgent],
        Generates = true,
    };

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var state = arguments.Call.UiState;
        if (state.SelectedTemplate is not { } template)
        {
            return ToolOutcome.Failed("validation_error", "No template is selected. Select one with select_template_by_name first.");
        }

        if (!DocumentSources.TryChoose(state, [], out var sources, out var failure))
        {
            return failure;
        }

        var instructions = arguments.OptionalText("generation_instructions");
        var request = new GenerateDocumentRequest(
            Choice(template), arguments.OptionalText("document_name"), instructions, sources.ClientId, sources.SessionIds,
            arguments.Call.Run.Session.SessionId);

        var reply = await documents.GenerateAsync(await arguments.Call.WriteAsync(cancellationToken), request, cancellationToken);
        return reply.Failed(out var error, out var document)
            ? error
            : await DocumentDelivery.DeliverAsync(document, arguments.Call, instructions, isRegeneration: false, cancellationToken);
    }

    // A template that the UI made up itself has an id of its own kind; then its text counts.
    private static DocumentTemplateChoice Choice(UiTemplate template) => Guid.TryParse(template.TemplateId, out var id)
        ? new(id, template.TemplateName, null)
        : new(null, template.TemplateName, template.TemplateContent);
}
