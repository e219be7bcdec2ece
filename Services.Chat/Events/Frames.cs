using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// The body of one frame of a run: what stands beside the envelope (type, event_id, session_id, timestamp, run_id, seq, epoch,
/// thread_id, user_id). The run log adds the envelope, serialises once and keeps the bytes.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WorkingFrame), "working")]
[JsonDerivedType(typeof(AgentStartedFrame), "agent_started")]
[JsonDerivedType(typeof(AgentThinkingFrame), "agent_thinking")]
[JsonDerivedType(typeof(ToolExecutingFrame), "tool_executing")]
[JsonDerivedType(typeof(ToolCompletedFrame), "tool_completed")]
[JsonDerivedType(typeof(AgentCompletedFrame), "agent_completed")]
[JsonDerivedType(typeof(ToolStartFrame), "tool_start")]
[JsonDerivedType(typeof(ToolResultFrame), "tool_result")]
[JsonDerivedType(typeof(StreamStartFrame), "stream_start")]
[JsonDerivedType(typeof(TextChunkFrame), "text_chunk")]
[JsonDerivedType(typeof(ThinkingChunkFrame), "thinking_chunk")]
[JsonDerivedType(typeof(UiActionFrame), "ui_action")]
[JsonDerivedType(typeof(TextCompletedFrame), "text_completed")]
[JsonDerivedType(typeof(TtsNotRequestedFrame), "tts_not_requested")]
[JsonDerivedType(typeof(CustomEventFrame), "custom_event")]
[JsonDerivedType(typeof(CancelledFrame), "cancelled")]
[JsonDerivedType(typeof(ErrorFrame), "error")]
[JsonDerivedType(typeof(EpochSnapshotFrame), LoggedFrame.SnapshotType)]
internal abstract record FrameBody;

internal sealed record WorkingFrame(string Content) : FrameBody;

internal sealed record AgentStartedFrame(string AgentName, AgentStartedPayload Payload) : FrameBody;

internal sealed record AgentStartedPayload(string AgentName, string Status, string Message, string Persona);

internal sealed record AgentThinkingFrame(string AgentName, AgentThinkingPayload Payload) : FrameBody;

internal sealed record AgentThinkingPayload(string AgentName, string Status, string Reasoning, int StepNumber, int? ProgressPercentage);

internal sealed record ToolExecutingFrame(string AgentName, ToolExecutingPayload Payload) : FrameBody;

internal sealed record ToolExecutingPayload(
    string AgentName, string Status, string ToolName, string ToolCallId, JsonElement Parameters, string Message);

internal sealed record ToolCompletedFrame(string AgentName, ToolCompletedPayload Payload) : FrameBody;

/// <summary>Either <paramref name="Result"/> (status completed) or <paramref name="Error"/> (status failed) is set.</summary>
internal sealed record ToolCompletedPayload(
    string AgentName, string Status, string ToolName, string ToolCallId, JsonElement? Result, ToolError? Error, long ExecutionTimeMs, string Message);

internal sealed record ToolError(string Code, string Message, bool Retryable);

internal sealed record AgentCompletedFrame(string AgentName, AgentCompletedPayload Payload) : FrameBody;

internal sealed record AgentCompletedPayload(
    string AgentName, string Status, AgentResult Result, long ExecutionTimeMs, UsagePayload Usage, string Message);

internal sealed record AgentResult(string Text, IReadOnlyList<ToolCallSummary> ToolCalls, int Iterations, IReadOnlyList<DocumentSummary> Documents);

internal sealed record ToolCallSummary(string ToolCallId, string ToolName, string Status);

internal sealed record DocumentSummary(string DocumentId, string Name, int Version);

/// <param name="Estimated">True when the provider did not count all of it and the rest was counted from what was sent and streamed.</param>
internal sealed record UsagePayload(long InputTokens, long OutputTokens, decimal CostUsd, bool? Estimated = null);

internal sealed record ToolStartFrame(ToolStartContent Content) : FrameBody;

internal sealed record ToolStartContent(string Name, JsonElement Arguments, string ToolCallId, bool RequiresAction, string Display);

internal sealed record ToolResultFrame(ToolResultContent Content) : FrameBody;

internal sealed record ToolResultContent(string Name, string ToolCallId, bool Success, JsonElement? Result, ToolError? Error);

internal sealed record StreamStartFrame : FrameBody;

internal sealed record TextChunkFrame(string Content, int FullLength) : FrameBody;

internal sealed record ThinkingChunkFrame(string Content) : FrameBody;

internal sealed record UiActionFrame(UiAction Action) : FrameBody;

/// <summary>What the user interface is asked to do. Keys of <paramref name="Payload"/> are camelCase, as the UI expects.</summary>
internal sealed record UiAction(string Type, string? Target, JsonElement Payload);

internal sealed record TextCompletedFrame(string Content) : FrameBody;

internal sealed record TtsNotRequestedFrame : FrameBody;

internal sealed record CustomEventFrame([property: JsonPropertyName("eventType")] string EventType, JsonElement Content) : FrameBody;

internal sealed record CancelledFrame(string Content) : FrameBody;

internal sealed record ErrorFrame(
    string Code, string Stage, string Content, bool Retryable, string CorrelationId, int? RetryAfterMs = null) : FrameBody;

/// <summary>
/// The first frame of every epoch but a run's first: replaces whatever a reader had of the run. The run's frames go on after it.
/// </summary>
/// <param name="ToolCalls">Those that ended, and with status executing those that have not.</param>
/// <param name="Reason">degraded: Redis did not acknowledge a frame in time; log_lost: frames it had acknowledged are gone.</param>
internal sealed record EpochSnapshotFrame(
    string AgentName, string Status, string Text, IReadOnlyList<ToolCallSummary> ToolCalls, UsagePayload Usage, bool TextCompleted, bool TtsCompleted,
    string Reason, string PreviousEpoch) : FrameBody
{
    public const string Degraded = "degraded";
    public const string LogLost = "log_lost";
}
