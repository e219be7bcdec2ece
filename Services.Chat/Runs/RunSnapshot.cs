using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Where a run stands, for a reader whose place in its log is not to be had.</summary>
internal sealed record RunSnapshot(Guid RunId, Guid? ThreadId, string Status, string Text, IReadOnlyList<ToolCallSummary> ToolCalls, UsagePayload Usage)
{
    public static RunSnapshot Of(RunRecord record) =>
        new(record.Id, record.ThreadId, record.Status, record.Text ?? string.Empty, record.ToolCalls, record.Usage);

    public static RunSnapshot Of(Guid runId, Guid threadId, RunProgress progress) =>
        new(runId, threadId, progress.Status, progress.Text, progress.AllToolCalls, progress.Usage);
}

/// <summary>The answer to a resume: the whole gap up to <paramref name="To"/>, or, for the owner, a snapshot; then what comes after it.</summary>
/// <param name="After">The place to read on from; null when no further frame is to be had.</param>
/// <param name="IsAtEnd">The reader has the run's last frame already.</param>
internal sealed record RunResume(RunKey Run, bool Recovered, LogPlace? After, long To, RunSnapshot? Snapshot, bool IsAtEnd = false)
{
    public long From => After is { } after ? after.Seq + 1 : 0;

    public static RunResume Unknown(RunKey run) => new(run, false, null, 0, null);

    /// <param name="after">Where the snapshot was taken, so that nothing is missing between it and the frames that follow.</param>
    public static RunResume Of(RunKey run, RunSnapshot? snapshot, LogPlace? after = null) => new(run, false, after, after?.Seq ?? 0, snapshot);
}

/// <summary>A run as GET /chat/runs/{run_id} shows it.</summary>
/// <param name="Place">Of its newest frame; null when its log is gone.</param>
internal sealed record RunView(RunRecord Record, LogPlace? Place);
