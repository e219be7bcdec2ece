using System.Diagnostics;

namespace AiPlatform.Services.Chat.Agents;

internal static class AgentTelemetry
{
    private static readonly ActivitySource Source = new("AiPlatform.Services.Chat");

    public static Activity? StartRun(AgentRun run)
    {
        var activity = Source.StartActivity($"invoke_agent {run.Persona}", ActivityKind.Internal);
        activity?.SetTag("gen_ai.operation.name", "invoke_agent");
        activity?.SetTag("gen_ai.agent.name", run.Persona);
        activity?.SetTag("chat.run.id", run.RunId.ToString());
        return activity;
    }
}
