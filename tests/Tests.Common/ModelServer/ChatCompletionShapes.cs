namespace AiPlatform.Tests.Common;

/// <summary>The JSON shapes of one completion, as OpenAI sends them.</summary>
internal sealed class ChatCompletionShapes(string model)
{
    private const int ArgumentPiece = 12;

    private readonly string _id = $"chatcmpl-{Guid.CreateVersion7():N}";
    private readonly long _created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public static string FinishReason(ModelReply reply) =>
        reply.FinishReason ?? (reply.Steps.Any(step => step is ModelStep.ToolCall) ? "tool_calls" : "stop");

    public static object RoleDelta(bool text) => new { role = "assistant", content = text ? "" : null };

    // {"id":..,"object":"chat.completion.chunk",..,"choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":null}]}
    // and "usage":null on every chunk but the last when usage was asked for.
    public Dictionary<string, object?> Chunk(object delta, bool wantsUsage, string? finishReason = null)
    {
        object[] choices = [new { index = 0, delta, logprobs = (object?)null, finish_reason = finishReason }];
        var chunk = Head("chat.completion.chunk", choices);
        if (wantsUsage)
        {
            chunk["usage"] = null;
        }

        return chunk;
    }

    public Dictionary<string, object?> UsageChunk(ModelReply reply)
    {
        var chunk = Head("chat.completion.chunk", Array.Empty<object>());
        chunk["usage"] = Usage(reply);
        return chunk;
    }

    public static IEnumerable<object> ToolCallDeltas(ModelStep.ToolCall call, int index)
    {
        object[] head = [new { index, id = IdOf(call), type = "function", function = new { name = call.Name, arguments = "" } }];
        yield return new { tool_calls = head };
        for (var start = 0; start < call.Arguments.Length; start += ArgumentPiece)
        {
            var piece = call.Arguments.Substring(start, Math.Min(ArgumentPiece, call.Arguments.Length - start));
            object[] part = [new { index, function = new { arguments = piece } }];
            yield return new { tool_calls = part };
        }
    }

    public Dictionary<string, object?> Whole(ModelReply reply)
    {
        var texts = reply.Steps.OfType<ModelStep.TextDelta>().Select(step => step.Text).ToArray();
        var message = new Dictionary<string, object?>
        {
            ["role"] = "assistant",
            ["content"] = texts.Length == 0 ? null : string.Concat(texts),
            ["refusal"] = null,
        };
        if (string.Concat(reply.Steps.OfType<ModelStep.Thought>().Select(step => step.Text)) is { Length: > 0 } reasoning)
        {
            message["reasoning_content"] = reasoning;
        }

        var calls = reply.Steps.OfType<ModelStep.ToolCall>()
            .Select(call => new { id = IdOf(call), type = "function", function = new { name = call.Name, arguments = call.Arguments } })
            .ToArray();
        if (calls.Length > 0)
        {
            message["tool_calls"] = calls;
        }

        object[] choices = [new { index = 0, message, logprobs = (object?)null, finish_reason = FinishReason(reply) }];
        var whole = Head("chat.completion", choices);
        whole["usage"] = Usage(reply);
        return whole;
    }

    private Dictionary<string, object?> Head(string kind, object choices) => new()
    {
        ["id"] = _id,
        ["object"] = kind,
        ["created"] = _created,
        ["model"] = model,
        ["system_fingerprint"] = "fp_tests",
        ["choices"] = choices,
    };

    private static object Usage(ModelReply reply) => new
    {
        prompt_tokens = reply.PromptTokens,
        completion_tokens = reply.CompletionTokens,
        total_tokens = reply.PromptTokens + reply.CompletionTokens,
        prompt_tokens_details = new { cached_tokens = reply.CachedTokens },
        completion_tokens_details = new { reasoning_tokens = reply.ReasoningTokens },
    };

    private static string IdOf(ModelStep.ToolCall call) => call.Id ?? $"call_{Guid.CreateVersion7():N}";
}
