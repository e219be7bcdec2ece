using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

internal static class TemplateAnswers
{
    private const int MaxListed = 20;

    public static string Listed(ToolExchange exchange)
    {
        var templates = JsonFields.Objects(exchange.Payload)
            .Where(json => JsonFields.Text(json, "template_name", "name") is not null && JsonFields.Text(json, "template_id", "id") is not null)
            .Select(json => (Name: JsonFields.Text(json, "template_name", "name"), Description: JsonFields.Text(json, "description", "template_description")))
            .ToList();

        return templates.Count == 0
            ? "There are no templates."
            : $"There are {templates.Count} templates:\n{string.Join('\n', templates.Take(MaxListed).Select(template => template.Description is null ? $"- {template.Name}" : $"- {template.Name}: {template.Description}"))}";
    }
}
