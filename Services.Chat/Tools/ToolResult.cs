using System.Text.Json;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>What a call came to, and when.</summary>
internal sealed record ToolResult(ToolCall Call, ToolOutcome Outcome, DateTimeOffset Timestamp, long DurationMs)
{
    /// <summary>The result as the model gets it, whole.</summary>
    public JsonElement ToJson(string toolCallId) => JsonSerializer.SerializeToElement(
        new ToolResultJson(
            Outcome.Succeeded,
            Outcome.Result,
            Outcome.Error is { } error
                ? new ToolErrorJson(error.Code, error.Message, error.Retryable, Outcome.Page?.Page, Outcome.Page?.SuggestedPage)
                : null,
            Call.Name,
            toolCallId,
            Timestamp,
            DurationMs),
        ToolJsonContext.Default.ToolResultJson);
}

internal sealed record ToolResultJson(
    bool Success, JsonElement? Result, ToolErrorJson? Error, string Tool, string ToolCallId, DateTimeOffset Timestamp, long DurationMs);

internal sealed record ToolErrorJson(string Code, string Message, bool Retryable, string? Page, string? SuggestedPage);
