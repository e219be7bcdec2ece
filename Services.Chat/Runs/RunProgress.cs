using System.Text;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>How far a run has come, as its frames say: followed while it runs, or read back from its log.</summary>
internal sealed class RunProgress
{
    private const string Open = "executing";

    private static readonly UsagePayload NoUsage = new(0, 0, 0);

    private readonly StringBuilder _text = new();
    private readonly List<ToolCallSummary> _toolCalls = [];
    private readonly List<ToolExecutingPayload> _open = [];

    public string Status { get; private set; } = "queued";

    public string Text => _text.ToString();

    public bool HasStarted { get; private set; }

    public bool IsTextDone { get; private set; }

    public bool IsTtsDone { get; private set; }

    /// <summary>Of the run's error frame, if there was one.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>What the run's last frame said; null before it.</summary>
    public AgentCompletedPayload? Completed { get; private set; }

    /// <summary>The run has said that it failed or was cancelled.</summary>
    public bool IsCutShort { get; private set; }

    public bool HasEnded => Completed is not null;

    public UsagePayload Usage { get; private set; } = NoUsage;

    /// <summary>Tool calls that ended, in the order they did.</summary>
    public IReadOnlyList<ToolCallSummary> ToolCalls => [.. _toolCalls];

    public IReadOnlyList<ToolExecutingPayload> OpenToolCalls => [.. _open];

    /// <summary>The calls that ended, then the open ones.</summary>
    public IReadOnlyList<ToolCallSummary> AllToolCalls => [.. _toolCalls, .. _open.Select(call => new ToolCallSummary(call.ToolCallId, call.ToolName, Open))];

    /// <summary>The run's use up to now, as the agent learns it; no frame says it before the last one.</summary>
    public void Used(UsagePayload soFar) => Usage = soFar;

    public static RunProgress Of(IEnumerable<LoggedFrame> frames)
    {
        var progress = new RunProgress();
        foreach (var frame in frames)
        {
            progress.Observe(FrameWriter.Read(frame.Utf8.Span));
        }

        return progress;
    }

    public RunProgress Copy()
    {
        var copy = new RunProgress
        {
            Status = Status,
            HasStarted = HasStarted,
            IsTextDone = IsTextDone,
            IsTtsDone = IsTtsDone,
            ErrorCode = ErrorCode,
            IsCutShort = IsCutShort,
            Completed = Completed,
            Usage = Usage,
        };
        copy._text.Append(_text);
        copy._toolCalls.AddRange(_toolCalls);
        copy._open.AddRange(_open);
        return copy;
    }

    public EpochSnapshotFrame ToSnapshot(string persona, string reason, string previousEpoch) =>
        new(persona, Status, Text, AllToolCalls, Usage, IsTextDone, IsTtsDone, reason, previousEpoch);

    public void Observe(FrameBody frame)
    {
        switch (frame)
        {
            case EpochSnapshotFrame snapshot:
                Replace(snapshot);
                break;
            case AgentStartedFrame:
                HasStarted = true;
                Status = "running";
                break;
            case TextChunkFrame chunk:
                _text.Append(chunk.Content);
                break;
            case ToolExecutingFrame { Payload: var call }:
                _open.Add(call);
                break;
            case ToolCompletedFrame { Payload: var call }:
                _open.RemoveAll(open => open.ToolCallId == call.ToolCallId);
                _toolCalls.Add(new(call.ToolCallId, call.ToolName, call.Status));
                break;
            case ErrorFrame error:
                ErrorCode = error.Code;
                IsCutShort = true;
                break;
            case CancelledFrame:
                IsCutShort = true;
                break;
            case TextCompletedFrame:
                IsTextDone = true;
                break;
            case TtsNotRequestedFrame:
                IsTtsDone = true;
                break;
            case AgentCompletedFrame { Payload: var done }:
                Completed = done;
                Status = done.Status;
                Usage = done.Usage;
                break;
        }
    }

    private void Replace(EpochSnapshotFrame snapshot)
    {
        Status = snapshot.Status;
        HasStarted = snapshot.Status != "queued";
        IsTextDone = snapshot.TextCompleted;
        IsTtsDone = snapshot.TtsCompleted;
        Usage = snapshot.Usage;
        _text.Clear().Append(snapshot.Text);
        _toolCalls.Clear();
        _toolCalls.AddRange(snapshot.ToolCalls.Where(call => call.Status != Open));
        _open.Clear();
        _open.AddRange(snapshot.ToolCalls.Where(call => call.Status == Open).Select(call =>
            new ToolExecutingPayload(snapshot.AgentName, Open, call.ToolName, call.ToolCallId, default, string.Empty)));
    }
}
