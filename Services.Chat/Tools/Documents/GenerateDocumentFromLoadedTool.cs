using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Documents;

internal sealed class GenerateDocumentFromLoadedTool(DocumentsApi documents) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "generate_document_from_loaded",
        ToolKind.Write,
        "Generates a clinical document from a template text that you give and from sessions that are loaded. Use generate_document_auto instead when a template is selected.",
        "Writing the document.",
        new(
            new("template_content", ToolParameterType.Text, "The template's text in markdown, from get_templates.") { Required = true },
            new("template_name", ToolParameterType.Text, "The template's name.") { Longest = DocumentLimits.Name },
            new("document_name", ToolParameterType.Text, "A name for the document.") { Longest = DocumentLimits.Name },
            new("generation_instructions", ToolParameterType.Text, "What the user wants of the document beyond the template.") { Longest = DocumentLimits.Instructions },
            new("sessions", ToolParameterType.Ids, "The session ids to use; left out, all loaded sessions.") { Longest = DocumentLimits.Sessions }))
    {
        Pages = [PageTypes.TranscribePage],
        Generates = true,
    };

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (!DocumentSources.TryChoose(arguments.Call.UiState, arguments.Ids("sessions"), out var sources, out var failure))
        {
            return failure;
        }

        var template = new DocumentTemplateChoice(null, arguments.OptionalText("template_name"), arguments.Text("template_content"));
        var instructions = arguments.OptionalText("generation_instructions");
        var request = new GenerateDocumentRequest(
            template, arguments.OptionalText("document_name"), instructions, sources.ClientId, sources.SessionIds, arguments.Call.Run.Session.SessionId);

        var reply = await documents.GenerateAsync(await arguments.Call.WriteAsync(cancellationToken), request, cancellationToken);
        return reply.Failed(out var error, out var document)
            ? error
            : await DocumentDelivery.DeliverAsync(document, arguments.Call, instructions, isRegeneration: false, cancellationToken);
    }
}
