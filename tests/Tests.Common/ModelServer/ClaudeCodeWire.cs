using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>A sidecar with Claude Code in it: the program's messages, with the events of its model in them, as server-sent events.</summary>
internal sealed class ClaudeCodeWire : ModelWire
{
    public override IReadOnlyList<string> Required => ["model", "messages", "stream"];

    protected override object Whole(ModelRequest request, ModelReply reply) => throw new NotSupportedException("A sidecar answers in streams.");

    protected override async Task StreamAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        await SendAsync(context, new { type = "system", subtype = "init", session_id = "session-tests", model = request.Model, tools = Array.Empty<string>() });
        await EventAsync(context, new { type = "message_start", message = new { id = "msg_tests", role = "assistant" } });

        foreach (var (index, step) in reply.Steps.Index())
        {
            switch (step)
            {
                case ModelStep.TextDelta text:
                    await BlockAsync(context, index, new { type = "text", text = "" }, [new { type = "text_delta", text = text.Text }]);
                    break;
                case ModelStep.Thought thought:
                    await BlockAsync(context, index, new { type = "thinking", thinking = "" }, [new { type = "thinking_delta", thinking = thought.Text }]);
                    break;
                case ModelStep.ToolCall call:
                    await BlockAsync(
                        context, index, new { type = "tool_use", id = IdOf(call), name = call.Name, input = new { } },
                        Pieces(call.Arguments).Select(piece => (object)new { type = "input_json_delta", partial_json = piece }));
                    break;
                default:
                    await WireOutput.FaultAsync(context, step);
                    break;
            }
        }

        var reason = ChatCompletionShapes.FinishReason(reply) switch { "tool_calls" => "tool_use", "length" => "max_tokens", "content_filter" => "refusal", _ => "end_turn" };
        await EventAsync(context, new { type = "message_delta", delta = new { stop_reason = reason } });
        await EventAsync(context, new { type = "message_stop" });

        // What was streamed comes once more whole, and then what became of the query.
        await SendAsync(context, new { type = "assistant", message = new { id = "msg_tests", role = "assistant", content = new[] { new { type = "text", text = "Once more." } } } });
        await SendAsync(context, new
        {
            type = "result",
            subtype = reason == "tool_use" ? "error_max_turns" : "success",
            is_error = reason == "tool_use",
            session_id = "session-tests",
            num_turns = 1,
            duration_ms = 5,
            total_cost_usd = 0.25,
            result = "Once more.",
            usage = new { input_tokens = reply.PromptTokens - reply.CachedTokens, cache_creation_input_tokens = 0, cache_read_input_tokens = reply.CachedTokens, output_tokens = reply.CompletionTokens },
        });
    }

    private static async Task BlockAsync(HttpContext context, int index, object block, IEnumerable<object> deltas)
    {
        await EventAsync(context, new { type = "content_block_start", index, content_block = block });

        foreach (var delta in deltas)
        {
            await EventAsync(context, new { type = "content_block_delta", index, delta });
        }

        await EventAsync(context, new { type = "content_block_stop", index });
    }

    private static Task EventAsync(HttpContext context, object happened) =>
        SendAsync(context, new { type = "stream_event", @event = happened, session_id = "session-tests", parent_tool_use_id = (string?)null });

    private static Task SendAsync(HttpContext context, object message) => WireOutput.DataAsync(context, message);
}
