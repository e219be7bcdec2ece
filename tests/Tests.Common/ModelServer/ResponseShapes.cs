namespace AiPlatform.Tests.Common;

/// <summary>The JSON shapes of one response, as OpenAI sends them.</summary>
internal sealed class ResponseShapes(string model, ModelReply reply)
{
    private readonly string _id = $"resp_{Guid.CreateVersion7():N}";
    private readonly long _created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    private List<ResponseItem>? _items;

    public static string StatusOf(ModelReply reply) => reply.FinishReason is "length" or "content_filter" ? "incomplete" : "completed";

    public Dictionary<string, object?> Head(string status) => new()
    {
        ["id"] = _id,
        ["object"] = "response",
        ["created_at"] = _created,
        ["status"] = status,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["model"] = model,
        ["output"] = Array.Empty<object>(),
        ["usage"] = null,
    };

    public Dictionary<string, object?> Whole()
    {
        var whole = Head(StatusOf(reply));
        whole["output"] = Items().Select(item => item.Done()).ToArray();
        whole["incomplete_details"] = StatusOf(reply) == "completed" ? null : new { reason = reply.FinishReason == "length" ? "max_output_tokens" : reply.FinishReason };
        whole["usage"] = new
        {
            input_tokens = reply.PromptTokens,
            input_tokens_details = new { cached_tokens = reply.CachedTokens },
            output_tokens = reply.CompletionTokens,
            output_tokens_details = new { reasoning_tokens = reply.ReasoningTokens },
            total_tokens = reply.PromptTokens + reply.CompletionTokens,
        };
        return whole;
    }

    /// <summary>Text that goes on is one item, and so are thoughts; each call is its own.</summary>
    public IReadOnlyList<ResponseItem> Items()
    {
        if (_items is not null)
        {
            return _items;
        }

        _items = [];
        foreach (var step in reply.Steps.Where(step => step is ModelStep.TextDelta or ModelStep.ToolCall or ModelStep.Thought))
        {
            if (step is ModelStep.ToolCall || _items is not [.., var last] || last.Steps[0].GetType() != step.GetType())
            {
                _items.Add(new($"{(step is ModelStep.ToolCall ? "fc" : step is ModelStep.Thought ? "rs" : "msg")}_{_items.Count}"));
            }

            _items[^1].Steps.Add(step);
        }

        return _items;
    }
}

internal sealed class ResponseItem(string id)
{
    private readonly string _callId = $"call_{Guid.CreateVersion7():N}";

    public List<ModelStep> Steps { get; } = [];

    private string Text => string.Concat(Steps.Select(step => step is ModelStep.TextDelta text ? text.Text : ((ModelStep.Thought)step).Text));

    public object Done() => Steps[0] switch
    {
        ModelStep.ToolCall call => Call(call, call.Arguments, "completed"),
        ModelStep.Thought thought => new
        {
            id,
            type = "reasoning",
            summary = new[] { new { type = "summary_text", text = Text } },
            encrypted_content = ((ModelStep.Thought)Steps[^1]).Signature ?? thought.Signature,
        },
        _ => new { id, type = "message", status = "completed", role = "assistant", content = new[] { Part(Text) } },
    };

    public IEnumerable<(string Name, object Data)> Events(ModelStep step, int output_index)
    {
        const int content_index = 0;
        const int summary_index = 0;

        if (ReferenceEquals(step, Steps[0]))
        {
            yield return ("response.output_item.added", new { output_index, item = Opened() });
            if (step is ModelStep.TextDelta)
            {
                yield return ("response.content_part.added", new { item_id = id, output_index, content_index, part = Part("") });
            }
        }

        switch (step)
        {
            case ModelStep.TextDelta text:
                yield return ("response.output_text.delta", new { item_id = id, output_index, content_index, delta = text.Text, logprobs = Array.Empty<object>() });
                break;
            case ModelStep.Thought thought:
                yield return ("response.reasoning_summary_text.delta", new { item_id = id, output_index, summary_index, delta = thought.Text });
                break;
            case ModelStep.ToolCall call:
                for (var start = 0; start < call.Arguments.Length; start += 12)
                {
                    var delta = call.Arguments.Substring(start, Math.Min(12, call.Arguments.Length - start));
                    yield return ("response.function_call_arguments.delta", new { item_id = id, output_index, delta });
                }

                yield return ("response.function_call_arguments.done", new { item_id = id, output_index, arguments = call.Arguments });
                break;
        }

        if (ReferenceEquals(step, Steps[^1]))
        {
            if (step is ModelStep.TextDelta)
            {
                yield return ("response.output_text.done", new { item_id = id, output_index, content_index, text = Text });
                yield return ("response.content_part.done", new { item_id = id, output_index, content_index, part = Part(Text) });
            }

            yield return ("response.output_item.done", new { output_index, item = Done() });
        }
    }

    private object Opened() => Steps[0] switch
    {
        ModelStep.ToolCall call => Call(call, "", "in_progress"),
        ModelStep.Thought => new { id, type = "reasoning", summary = Array.Empty<object>() },
        _ => new { id, type = "message", status = "in_progress", role = "assistant", content = Array.Empty<object>() },
    };

    private object Call(ModelStep.ToolCall call, string arguments, string status) =>
        new { id, type = "function_call", status, call_id = call.Id ?? _callId, name = call.Name, arguments };

    private static object Part(string text) => new { type = "output_text", text, annotations = Array.Empty<object>() };
}
