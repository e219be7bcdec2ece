using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>What a tool came to: a result or an error, and what the run shall do with the user interface once its text is out.</summary>
/// <param name="Message">For the user: one plain sentence without contents.</param>
internal sealed record ToolOutcome(JsonElement? Result, ToolError? Error, string Message)
{
    public IReadOnlyList<UiAction> UiActions { get; init; } = [];

    public IReadOnlyList<DocumentSummary> Documents { get; init; } = [];

    /// <summary>Set when a page cannot do it: where it works.</summary>
    public PageRefusal? Page { get; init; }

    /// <summary>
    /// True when the call was answered with a failure and what it writes may be there all the same. A retryable failure without it was
    /// never answered: then a write is asked for again under its key.
    /// </summary>
    public bool InDoubt { get; init; }

    public bool Succeeded => Error is null;

    public static ToolOutcome Of<T>(T result, JsonTypeInfo<T> typeInfo, string message) =>
        new(JsonSerializer.SerializeToElement(result, typeInfo), null, message);

    public static ToolOutcome Failed(string code, string message, bool retryable = false) => new(null, new ToolError(code, message, retryable), message);

    public static implicit operator ToolOutcome(ServiceError error) => Failed(error.Code, error.Message, error.Retryable) with { InDoubt = error.InDoubt };
}

internal sealed record PageRefusal(string Page, string SuggestedPage);
