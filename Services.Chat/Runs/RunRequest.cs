using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>A message to be answered.</summary>
/// <param name="ThreadId">Switches the session to this thread; null stays in the session's.</param>
/// <param name="ProviderFrames">True on /chat/ws: tool_start and tool_result beside the agent events, working, an empty text_completed.</param>
internal sealed record RunRequest(
    ChatSessionKey Session, CurrentUser User, string UserToken, string Message, Guid? ThreadId, string? Model, bool ProviderFrames);

/// <summary>What became of a message.</summary>
internal enum Acceptance
{
    Accepted,
    QueueFull,
    UnknownThread,
}
