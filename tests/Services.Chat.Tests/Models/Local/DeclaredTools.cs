using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Models.Local;

/// <summary>The assistant's own tools, offered by page as a run offers them; only their declarations are read.</summary>
internal static class DeclaredTools
{
    private static readonly ServiceProvider Provider = new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddHttpClient()
        .AddHttpContextAccessor()
        .AddSingleton(TimeProvider.System)
        .AddServices()
        .AddTools()
        .BuildServiceProvider();

    public static IList<AITool> Offer(string pageType)
    {
        using var scope = Provider.CreateScope();
        return scope.ServiceProvider.GetRequiredService<ToolCatalog>().Offer(PersonaNames.WebAssistant, pageType);
    }
}
