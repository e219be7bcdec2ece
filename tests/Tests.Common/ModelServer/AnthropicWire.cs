using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>Anthropic's messages: blocks that open, grow and close.</summary>
internal sealed class AnthropicWire : ModelWire
{
    public override IReadOnlyList<string> Required => ["model", "messages", "max_tokens"];

    public override string? KeyOf(HttpRequest request) => request.Headers["x-api-key"] is { Count: 1 } key ? key.ToString() : null;

    // {"type":"error","error":{"type":"rate_limit_error","message":"..."}}
    public override object Envelope(ModelRefusal refusal) => new { type = "error", error = new { type = TypeOf(refusal.Status), message = refusal.Message } };

    protected override object Whole(ModelRequest request, ModelReply reply) => new
    {
        id = "msg_tests",
        type = "message",
        role = "assistant",
        model = request.Model,
        content = Blocks(reply).ToArray(),
        stop_reason = StopReason(reply),
        stop_sequence = (string?)null,
        usage = Usage(reply, reply.CompletionTokens),
    };

    protected override async Task StreamAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        var begun = false;
        var index = -1;
        Type? open = null;

        foreach (var step in reply.Steps)
        {
            if (!begun && step is ModelStep.TextDelta or ModelStep.ToolCall or ModelStep.Thought)
            {
                begun = true;
                await EventAsync(context, new { type = "message_start", message = Start(request, reply) });
                await EventAsync(context, new { type = "ping" });
            }

            if (step is not (ModelStep.TextDelta or ModelStep.ToolCall or ModelStep.Thought))
            {
                await WireOutput.FaultAsync(context, step);
                continue;
            }

            // Text that goes on goes on in its block; a call has one of its own.
            if (open != step.GetType() || step is ModelStep.ToolCall)
            {
                await CloseAsync(context, open, index++);
                open = step.GetType();
                await EventAsync(context, new { type = "content_block_start", index, content_block = Opened(step) });
            }

            foreach (var delta in Deltas(step))
            {
                await EventAsync(context, new { type = "content_block_delta", index, delta });
            }
        }

        await CloseAsync(context, open, index);
        await EventAsync(context, new { type = "message_delta", delta = new { stop_reason = StopReason(reply), stop_sequence = (string?)null }, usage = new { output_tokens = reply.CompletionTokens } });
        await EventAsync(context, new { type = "message_stop" });
    }

    private static object Start(ModelRequest request, ModelReply reply) => new
    {
        id = "msg_tests",
        type = "message",
        role = "assistant",
        model = request.Model,
        content = Array.Empty<object>(),
        stop_reason = (string?)null,
        stop_sequence = (string?)null,
        usage = Usage(reply, 1),
    };

    private static Task CloseAsync(HttpContext context, Type? open, int index) =>
        open is null ? Task.CompletedTask : EventAsync(context, new { type = "content_block_stop", index });

    private static object Opened(ModelStep step) => step switch
    {
        ModelStep.ToolCall call => new { type = "tool_use", id = IdOf(call), name = call.Name, input = new { } },
        ModelStep.Thought => new { type = "thinking", thinking = "", signature = "" },
        _ => new { type = "text", text = "" },
    };

    private static IEnumerable<object> Deltas(ModelStep step) => step switch
    {
        ModelStep.ToolCall call => Pieces(call.Arguments).Select(piece => (object)new { type = "input_json_delta", partial_json = piece }),
        ModelStep.Thought { Signature: { } signature } thought =>
            [new { type = "thinking_delta", thinking = thought.Text }, new { type = "signature_delta", signature }],
        ModelStep.Thought thought => [new { type = "thinking_delta", thinking = thought.Text }],
        _ => [new { type = "text_delta", text = ((ModelStep.TextDelta)step).Text }],
    };

    private static IEnumerable<object> Blocks(ModelReply reply)
    {
        foreach (var thought in reply.Steps.OfType<ModelStep.Thought>())
        {
            yield return new { type = "thinking", thinking = thought.Text, signature = thought.Signature ?? "" };
        }

        if (string.Concat(reply.Steps.OfType<ModelStep.TextDelta>().Select(step => step.Text)) is { Length: > 0 } text)
        {
            yield return new { type = "text", text, citations = (object?)null };
        }

        foreach (var call in reply.Steps.OfType<ModelStep.ToolCall>())
        {
            yield return new { type = "tool_use", id = IdOf(call), name = call.Name, input = JsonSerializer.Deserialize<JsonElement>(call.Arguments) };
        }
    }

    private static object Usage(ModelReply reply, int output) => new
    {
        input_tokens = reply.PromptTokens - reply.CachedTokens,
        cache_creation_input_tokens = 0,
        cache_read_input_tokens = reply.CachedTokens,
        output_tokens = output,
    };

    private static string StopReason(ModelReply reply) => ChatCompletionShapes.FinishReason(reply) switch
    {
        "tool_calls" => "tool_use",
        "length" => "max_tokens",
        "content_filter" => "refusal",
        _ => "end_turn",
    };

    private static string TypeOf(HttpStatusCode status) => (int)status switch
    {
        400 => "invalid_request_error",
        401 => "authentication_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };

    private static Task EventAsync(HttpContext context, object data) =>
        WireOutput.EventAsync(context, JsonSerializer.SerializeToElement(data).GetProperty("type").GetString()!, data);
}
