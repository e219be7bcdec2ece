using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Documents;

internal sealed class RefineDocumentTool(DocumentsApi documents) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "refine_document",
        ToolKind.Write,
        "Makes a new version of a document that was generated before, following an instruction such as making it shorter. The earlier version stays.",
        "Rewriting the document as asked.",
        new(
            new("document_id", ToolParameterType.Id, "The document's id, from the generated documents.") { Required = true },
            new("refinement_instructions", ToolParameterType.Text, "What to change, in the user's words.") { Required = true, Longest = DocumentLimits.Instructions },
            new("new_document_name", ToolParameterType.Text, "A new name for the document.") { Longest = DocumentLimits.Name }))
    {
        Generates = true,
    };

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var instructions = arguments.Text("refinement_instructions");
        var reply = await documents.RefineAsync(
            await arguments.Call.WriteAsync(cancellationToken),
            arguments.Id("document_id"),
            new RefineDocumentRequest(instructions, arguments.OptionalText("new_document_name")),
            cancellationToken);

        return reply.Failed(out var error, out var document)
            ? error
            : await DocumentDelivery.DeliverAsync(document, arguments.Call, instructions, isRegeneration: true, cancellationToken);
    }
}
