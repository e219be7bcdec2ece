using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tools.Templates;

internal sealed class SelectTemplateByNameTool(DocumentsApi documents) : AgentTool(About)
{
    private const int MostNames = 10;

    private static readonly ToolDefinition About = new(
        "select_template_by_name",
        ToolKind.Ui,
        "Finds a document template by its name, or part of it, and selects it on the user's screen. generate_document_auto then uses it.",
        "Selecting the template.",
        new(new ToolParameter("template_name", ToolParameterType.Text, "The template's name or part of it; case does not matter.") { Required = true }))
    {
        Pages = [PageTypes.TranscribePage, PageTypes.SessionViewer],
    };

    protected override async Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var reply = await documents.ListTemplatesAsync(await arguments.Call.ReadAsync(cancellationToken), "all", null, cancellationToken);
        if (reply.Failed(out var error, out var templates))
        {
            return error;
        }

        return Matches(templates.Items, arguments.Text("template_name").Trim()) switch
        {
            [var template] => await SelectAsync(template, arguments.Call, cancellationToken),
            [] => ToolOutcome.Failed("not_found", $"No template has that name. There are: {Names(templates.Items)}."),
            var several => ToolOutcome.Failed("validation_error", $"Several templates fit that name: {Names(several)}. Ask which one is meant."),
        };
    }

    // The whole name wins over parts of others: "Progress note" is not ambiguous because there is a "Progress note (short)".
    private static List<DocumentTemplate> Matches(IReadOnlyList<DocumentTemplate> templates, string name)
    {
        var whole = templates.Where(template => string.Equals(template.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
        return whole.Count > 0 ? whole : [.. templates.Where(template => template.Name.Contains(name, StringComparison.OrdinalIgnoreCase))];
    }

    private static async Task<ToolOutcome> SelectAsync(DocumentTemplate template, ToolContext call, CancellationToken cancellationToken)
    {
        var selected = new UiTemplate { TemplateId = template.Id.ToString(), TemplateName = template.Name, TemplateContent = template.Content };
        await call.UpdateUiStateAsync(state => state with { SelectedTemplate = selected }, cancellationToken);

        var action = UiActionRequests.SelectTemplate(new(template.Id, template.Name, template.Content, template.Description ?? ""));
        var result = new UiActionResult(action, $"Selected the template {template.Name}.");
        return ToolOutcome.Of(result, ToolJsonContext.Default.UiActionResult, "The template is selected.") with { UiActions = [action] };
    }

    private static string Names(IReadOnlyList<DocumentTemplate> templates) =>
        templates.Count == 0 ? "none" : string.Join(", ", templates.Take(MostNames).Select(template => template.Name));
}
