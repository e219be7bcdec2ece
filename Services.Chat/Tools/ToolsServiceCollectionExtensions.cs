using AiPlatform.Services.Chat.Tools.Clients;
using AiPlatform.Services.Chat.Tools.Documents;
using AiPlatform.Services.Chat.Tools.Templates;
using AiPlatform.Services.Chat.Tools.Transcripts;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tools;

internal static class ToolsServiceCollectionExtensions
{
    /// <summary>Tools are scoped: a run opens a scope, so nothing of one run's calls can reach another's.</summary>
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.AddOptions<ToolOptions>().BindConfiguration(ToolOptions.Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<ToolOptions>, ToolOptionsValidator>();

        services.TryAddSingleton<IToolLedger, MySqlToolLedger>();
        services.TryAddSingleton<WriteOnce>();
        services.TryAddScoped<ToolCatalog>();
        services.TryAddScoped<ToolExecutor>();

        services.AddScoped<AgentTool, SearchClientsTool>();
        services.AddScoped<AgentTool, GetClientSummaryTool>();

        services.AddScoped<AgentTool, SearchSessionsTool>();
        services.AddScoped<AgentTool, LoadSessionTool>();
        services.AddScoped<AgentTool, LoadSessionDirectTool>();
        services.AddScoped<AgentTool, SemanticSearchSessionsTool>();
        services.AddScoped<AgentTool, AnalyzeSessionContentTool>();

        services.AddScoped<AgentTool, GetTemplatesTool>();
        services.AddScoped<AgentTool, SelectTemplateByNameTool>();

        services.AddScoped<AgentTool, CheckDocumentReadinessTool>();
        services.AddScoped<AgentTool, GenerateDocumentFromLoadedTool>();
        services.AddScoped<AgentTool, GenerateDocumentAutoTool>();
        services.AddScoped<AgentTool, RefineDocumentTool>();
        return services;
    }
}
