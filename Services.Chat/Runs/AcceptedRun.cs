using System.Diagnostics;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>A message that will be answered by a run.</summary>
/// <param name="UserToken">Only to get the run's own token with; lives in memory and goes with the run.</param>
/// <param name="Parent">The trace the message came in on.</param>
internal sealed record AcceptedRun(
    Guid RunId,
    ChatSessionKey Session,
    CurrentUser User,
    string UserToken,
    string Persona,
    Guid ThreadId,
    string Message,
    string? Model,
    bool ProviderFrames,
    string CorrelationId,
    ActivityContext Parent,
    DateTimeOffset AcceptedAt)
{
    public RunKey Key => new(Session.PracticeId, RunId);

    // The token and the message stay out of anything that prints a run.
    public override string ToString() => $"run {RunId}";
}
