using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>Everything one run of an agent works on; nothing in it belongs to a socket or a request.</summary>
/// <param name="History">Earlier messages of the thread, oldest first, without this run's message.</param>
/// <param name="Model">The model group asked for; null takes the persona's.</param>
/// <param name="ProviderFrames">True on /chat/ws: tool_start and tool_result are sent beside the agent events.</param>
internal sealed record AgentRun(
    Guid RunId,
    ChatSessionKey Session,
    Guid? ThreadId,
    CurrentUser User,
    string Persona,
    string Message,
    IReadOnlyList<ChatMessage> History,
    string? Model,
    bool ProviderFrames,
    string CorrelationId);

/// <summary>Where a run's frames go. A call returns when the frame has its place in the run log.</summary>
internal interface IRunOutput
{
    ValueTask EmitAsync(FrameBody frame, CancellationToken cancellationToken);

    /// <summary>What the run has used up to now. It stands when the run is cut off; called often, and at most by one caller at a time.</summary>
    void Used(UsagePayload soFar);
}

/// <summary>Gives the token with which a run calls other services; short-lived, renewed for as long as the run lives.</summary>
internal interface IRunToken
{
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}

/// <summary>What a run came to. The worker stores it, then appends agent_completed.</summary>
internal sealed record AgentOutcome(
    string Text,
    IReadOnlyList<ToolCallSummary> ToolCalls,
    int Iterations,
    IReadOnlyList<DocumentSummary> Documents,
    UsagePayload Usage);
