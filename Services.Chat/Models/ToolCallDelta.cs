using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>
/// A piece of a tool call while the model still writes it, for who passes streams on; the whole call follows as a
/// <see cref="FunctionCallContent"/> of the same id. The first piece of a call may have no arguments yet.
/// </summary>
internal sealed class ToolCallDelta(string callId, string name, string arguments) : AIContent
{
    public string CallId { get; } = callId;

    public string Name { get; } = name;

    public string Arguments { get; } = arguments;
}
