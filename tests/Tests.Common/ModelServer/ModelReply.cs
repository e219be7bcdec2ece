using System.Net;

namespace AiPlatform.Tests.Common;

/// <summary>One scripted answer of the <see cref="ModelServer"/>: steps in order, or a refusal instead of them.</summary>
public sealed record ModelReply
{
    public IReadOnlyList<ModelStep> Steps { get; init; } = [];

    /// <summary>Null means stop, or tool_calls when the steps call tools.</summary>
    public string? FinishReason { get; init; }

    public int PromptTokens { get; init; } = 12;

    public int CompletionTokens { get; init; } = 7;

    public int CachedTokens { get; init; }

    public int ReasoningTokens { get; init; }

    public ModelRefusal? Refusal { get; init; }

    /// <summary>Arrives in pieces of a word each when streamed.</summary>
    public static ModelReply Text(string text) => Of(ModelStep.Words(text));

    public static ModelReply ToolCalls(params ModelStep.ToolCall[] calls) => Of(calls);

    public static ModelReply Of(params IReadOnlyList<ModelStep> steps) => new() { Steps = steps };

    /// <summary>An error in OpenAI's envelope.</summary>
    public static ModelReply Refuse(
        HttpStatusCode status, string message = "Scripted refusal.", string type = "server_error", string? code = null, string? retryAfter = null) =>
        new() { Refusal = new(status, message, type, code, retryAfter) };

    /// <summary>Never answers; ends when the client goes or the server stops.</summary>
    public static ModelReply Hang() => Of(new ModelStep.Wait(Timeout.InfiniteTimeSpan));
}

public sealed record ModelRefusal(HttpStatusCode Status, string Message, string Type, string? Code, string? RetryAfter);
