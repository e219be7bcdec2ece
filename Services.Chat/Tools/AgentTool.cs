using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>
/// Something an agent can do. It is called by <see cref="ToolExecutor"/> only, after the permission check, with checked
/// arguments. It lives for one run.
/// </summary>
internal abstract class AgentTool(ToolDefinition definition) : AIFunction
{
    public ToolDefinition Definition => definition;

    public override string Name => definition.Name;

    public override string Description => definition.Description;

    public override JsonElement JsonSchema => definition.Parameters.Schema;

    protected abstract Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken);

    protected sealed override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await RunAsync((ToolArguments)arguments, cancellationToken);
}
