using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>Which tools there are, and who may use which on what page. Asked when tools are offered and again when one is called.</summary>
internal sealed partial class ToolCatalog(IEnumerable<AgentTool> tools, ILogger<ToolCatalog> logger)
{
    private readonly Dictionary<string, AgentTool> _tools = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);

    public IReadOnlyList<AgentTool> ToolsOf(string persona) =>
        [.. _tools.Values.Where(tool => tool.Definition.Personas.Contains(persona)).OrderBy(tool => tool.Name, StringComparer.Ordinal)];

    public AgentTool? Find(string name) => _tools.GetValueOrDefault(name);

    public IList<AITool> Offer(string persona, string pageType) =>
        [.. ToolsOf(persona).Where(tool => tool.Definition.WorksOn(pageType))];

    public ToolAdmission Admit(ToolScope run, string toolName, string pageType)
    {
        if (!_tools.TryGetValue(toolName, out var tool))
        {
            return new(null, ToolOutcome.Failed("validation_error", "There is no such tool."));
        }

        if (!tool.Definition.Personas.Contains(run.Persona))
        {
            LogNotPermitted(tool.Name, run.Persona, run.RunId, run.User.UserId);
            return new(null, ToolOutcome.Failed("tool_not_permitted", $"{tool.Name} is not among the tools of {run.Persona}."));
        }

        if (!tool.Definition.WorksOn(pageType))
        {
            LogWrongPage(tool.Name, pageType, run.RunId);
            return new(null, OffPage(tool, pageType));
        }

        return new(tool, null);
    }

    private static ToolOutcome OffPage(AgentTool tool, string pageType)
    {
        var suggested = tool.Definition.Pages[0];
        var refusal = ToolOutcome.Failed(
            "page_not_supported", $"{tool.Name} does not work on {pageType}. Suggest that the user opens {suggested} and asks again there.");
        return refusal with { Page = new(pageType, suggested) };
    }

    [LoggerMessage(LogLevel.Warning, "Refused tool {Tool} to persona {Persona} in run {RunId} of user {UserId}.")]
    private partial void LogNotPermitted(string tool, string persona, Guid runId, Guid userId);

    [LoggerMessage(LogLevel.Information, "Refused tool {Tool} on page {Page} in run {RunId}.")]
    private partial void LogWrongPage(string tool, string page, Guid runId);
}

/// <summary>Either the tool that may run or the refusal that goes back to the model.</summary>
internal sealed record ToolAdmission(AgentTool? Tool, ToolOutcome? Refusal);
