using AiPlatform.Services.Chat.Events;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>The record of every run, and what it did to its thread.</summary>
internal interface IRunStore
{
    /// <summary>Records an accepted run, with its thread when that is new.</summary>
    Task AddAsync(AcceptedRun run, CancellationToken cancellationToken);

    /// <summary>Marks the run as running and puts the user's message into the thread.</summary>
    /// <returns>What was said before it, oldest first.</returns>
    Task<IReadOnlyList<ChatMessage>> BeginAsync(AcceptedRun run, int historyMessages, CancellationToken cancellationToken);

    /// <summary>Records the end and the answer, in one commit.</summary>
    /// <returns>False when somebody else has ended the run already; true also when an earlier try did, whose answer was lost.</returns>
    Task<bool> EndAsync(Guid practiceId, Guid runId, RunEnd end, CancellationToken cancellationToken);

    /// <returns>Null when the user has no such run.</returns>
    Task<RunRecord?> FindAsync(Guid practiceId, Guid userId, Guid runId, CancellationToken cancellationToken);

    /// <summary>Says that the run's log has its last frame: nobody needs to look after the run any more.</summary>
    Task CloseLogAsync(Guid practiceId, Guid runId, CancellationToken cancellationToken);

    /// <summary>Runs of all practices whose log was not closed, oldest first: for whoever looks after runs of dead replicas.</summary>
    /// <param name="after">The last run of the page before.</param>
    Task<IReadOnlyList<RunRecord>> ListUnclosedAsync(DateTimeOffset acceptedBefore, RunRecord? after, int limit, CancellationToken cancellationToken);
}

internal sealed record RunEnd(
    string Status, string? ErrorCode, string Text, IReadOnlyList<ToolCallSummary> ToolCalls, int Iterations, UsagePayload Usage,
    IReadOnlyList<DocumentSummary> Documents, string Message);

internal sealed record RunRecord(
    Guid Id, Guid PracticeId, Guid UserId, string SessionId, Guid ThreadId, string Persona, string Status, string? ErrorCode, bool ProviderFrames,
    string? Text, IReadOnlyList<ToolCallSummary> ToolCalls, int Iterations, UsagePayload Usage,
    DateTimeOffset AcceptedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);
