using System.Text;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>How far a run has come, as its frames say: followed while it runs, or read back from its log.</summary>
internal sealed class RunProgress
{
    private static readonly UsagePayload NoUsage = new(0, 0, 0);

    private readonly StringBuilder _text = new();
    private readonly List<ToolCallSummary> _toolCalls = [];
    private readonly List<ToolExecutingPayload> _open = [];

    public string Status { get; private set; } = "queued";

    public string Text => _text.ToString();

    public bool HasStarted { get; private set; }

    public bool HasError { get; private set; }

    public bool IsTextDone { get; private set; }

    public bool IsTtsDone { get; private set; }

    public bool HasEnded { get; private set; }

    public UsagePayload Usage { get; private set; } = NoUsage;

    /// <summary>Tool calls that ended, in the order they did.</summary>
    public IReadOnlyList<ToolCallSummary> ToolCalls => [.. _toolCalls];

    public IReadOnlyList<ToolExecutingPayload> OpenToolCalls => [.. _open];

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

    public void Observe(FrameBody frame)
    {
        switch (frame)
        {
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
            case ErrorFrame:
                HasError = true;
                break;
            case TextCompletedFrame:
                IsTextDone = true;
                break;
            case TtsNotRequestedFrame:
                IsTtsDone = true;
                break;
            case AgentCompletedFrame { Payload: var done }:
                HasEnded = true;
                Status = done.Status;
                Usage = done.Usage;
                break;
        }
    }
}
