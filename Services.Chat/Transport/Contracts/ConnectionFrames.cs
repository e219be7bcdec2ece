using System.Text.Json.Serialization;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Transport.Contracts;

/// <summary>Frames outside a run. They are sent at most once and are in no log.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WebSocketReadyFrame), "websocket_ready")]
[JsonDerivedType(typeof(HeartbeatAckFrame), "heartbeat_ack")]
[JsonDerivedType(typeof(PongFrame), "pong")]
[JsonDerivedType(typeof(UiStateAckFrame), "ui_state_ack")]
[JsonDerivedType(typeof(TypingFrame), "typing")]
[JsonDerivedType(typeof(ClosingFrame), "closing")]
[JsonDerivedType(typeof(StreamResumedFrame), "stream_resumed")]
[JsonDerivedType(typeof(RunSnapshotFrame), "run_snapshot")]
[JsonDerivedType(typeof(ConnectionErrorFrame), "error")]
internal abstract record ConnectionFrame;

internal sealed record WebSocketReadyFrame(string ProtocolVersion, int HeartbeatIntervalS, string Instance) : ConnectionFrame;

internal sealed record HeartbeatAckFrame : ConnectionFrame;

internal sealed record PongFrame : ConnectionFrame;

internal sealed record UiStateAckFrame(bool Success, string? AppliedTimestamp, string Kind, string? Reason) : ConnectionFrame;

internal sealed record TypingFrame(bool Typing) : ConnectionFrame;

internal sealed record ClosingFrame(string Reason) : ConnectionFrame;

internal sealed record StreamResumedFrame(Guid RunId, string? Epoch, bool Recovered, long FromSeq, long ToSeq) : ConnectionFrame;

internal sealed record RunSnapshotFrame(
    Guid RunId, Guid? ThreadId, string Status, string Text, IReadOnlyList<ToolCallSummary> ToolCalls, UsagePayload Usage) : ConnectionFrame;

/// <summary>An error that belongs to no run; <paramref name="RunId"/> names the one it is about, if any.</summary>
internal sealed record ConnectionErrorFrame(
    string Code, string Stage, string Content, bool Retryable, string CorrelationId, Guid? RunId = null) : ConnectionFrame;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConnectionFrame))]
internal sealed partial class ConnectionJsonContext : JsonSerializerContext;
