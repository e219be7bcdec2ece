using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Where a run stands, for a reader whose place in its log is not to be had.</summary>
internal sealed record RunSnapshot(Guid RunId, Guid? ThreadId, string Status, string Text, IReadOnlyList<ToolCallSummary> ToolCalls, UsagePayload Usage);

/// <summary>The answer to a resume: the whole gap from <paramref name="From"/> to <paramref name="To"/>, or, for the owner, a snapshot.</summary>
/// <param name="IsAtEnd">The reader has the run's last frame already.</param>
internal sealed record RunResume(RunKey Run, bool Recovered, long From, long To, RunSnapshot? Snapshot, bool IsAtEnd = false);

/// <summary>A run as GET /chat/runs/{run_id} shows it.</summary>
/// <param name="Head">Null when its log is gone.</param>
internal sealed record RunView(RunRecord Record, RunHead? Head);
