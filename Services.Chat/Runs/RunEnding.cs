using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>How a run that did not come to its own end is ended: what is still open is closed, in PROTOCOL's order.</summary>
/// <param name="Status">failed or cancelled.</param>
/// <param name="Code">Of the tool calls that were cut off.</param>
/// <param name="Opening">The frame that says it: error or cancelled.</param>
internal sealed record RunEnding(string Status, string Code, string Message, FrameBody Opening)
{
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Completed = "completed";

    public static RunEnding ByCancel() =>
        new(Cancelled, Cancelled, "The run was cancelled.", new CancelledFrame("The run was cancelled."));

    public static RunEnding ByError(RunFailure failure, string correlationId) => new(
        Failed,
        failure.Code,
        failure.Message,
        new ErrorFrame(failure.Code == RunFailure.InterruptedCode ? "internal_error" : failure.Code, failure.Stage, failure.Message, failure.Retryable, correlationId));

    /// <summary>Everything that is missing before agent_completed.</summary>
    public IEnumerable<FrameBody> Frames(RunProgress progress, string persona, bool fullText)
    {
        if (!progress.HasStarted)
        {
            yield return Started(persona);
        }

        yield return Opening;
        foreach (var call in progress.OpenToolCalls)
        {
            yield return new ToolCompletedFrame(call.AgentName, new(
                call.AgentName, Failed, call.ToolName, call.ToolCallId, null, new(Code, Message, Retryable: false), 0, $"{call.ToolName} was cut off."));
        }

        foreach (var frame in Flags(progress, fullText))
        {
            yield return frame;
        }
    }

    public static AgentStartedFrame Started(string persona) =>
        new(persona, new(persona, "started", "Working on your request.", persona));

    public static IEnumerable<FrameBody> Flags(RunProgress progress, bool fullText)
    {
        if (!progress.IsTextDone)
        {
            yield return new TextCompletedFrame(fullText ? progress.Text : string.Empty);
        }

        if (!progress.IsTtsDone)
        {
            yield return new TtsNotRequestedFrame();
        }
    }
}
