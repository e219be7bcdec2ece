using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Templates;

internal sealed class GetTemplatesTool(DocumentsApi documents) : AgentTool(About)
{
    private static readonly ToolDefinition About = new(
        "get_templates",
        ToolKind.Read,
        "Lists the document templates of the practice with their content, such as progress notes, letters and intake reports.",
        "Looking through the templates.",
        new(
            new("template_type", ToolParameterType.Text, "Whose templates to list.") { Choices = ["all", "private", "clinic", "public"], Default = "all" },
            new("search_query", ToolParameterType.Text, "Words of a template's name or description.")));

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var call = await arguments.Call.ReadAsync(cancellationToken);
        var reply = await documents.ListTemplatesAsync(
            call, arguments.Text("template_type"), arguments.OptionalText("search_query"), cancellationToken);
        if (reply.Failed(out var error, out var templates))
        {
            return error;
        }

        var result = new TemplatesResult([.. templates.Items.Select(ToResult)], templates.Items.Count);
        return ToolOutcome.Of(result, ToolJsonContext.Default.TemplatesResult, Counted.Found(templates.Items.Count, "template"));
    }

    private static TemplateResult ToResult(DocumentTemplate template) => new(
        template.Id, template.Name, template.Description, template.Type, template.Content, template.Variables ?? []);
}

internal sealed record TemplatesResult(IReadOnlyList<TemplateResult> Templates, int Total);

internal sealed record TemplateResult(
    Guid TemplateId, string TemplateName, string? TemplateDescription, string? TemplateType, string TemplateContent, IReadOnlyList<string> Variables);
