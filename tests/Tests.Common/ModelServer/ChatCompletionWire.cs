using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatCompletionWire : ModelWire
{
    public override IReadOnlyList<string> Required => ["model", "messages"];

    protected override object Whole(ModelRequest request, ModelReply reply) => new ChatCompletionShapes(request.Model).Whole(reply);

    protected override async Task StreamAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        var shapes = new ChatCompletionShapes(request.Model);
        var wantsUsage = request.WantsUsage;
        var toolIndex = 0;
        var begun = false;
        foreach (var step in reply.Steps)
        {
            // The role goes first, with the first thing said: a model that thinks for long sends nothing meanwhile.
            if (!begun && step is ModelStep.TextDelta or ModelStep.ToolCall or ModelStep.Thought)
            {
                begun = true;
                await WireOutput.DataAsync(context, shapes.Chunk(ChatCompletionShapes.RoleDelta(step is ModelStep.TextDelta), wantsUsage));
            }

            switch (step)
            {
                case ModelStep.TextDelta text:
                    await WireOutput.DataAsync(context, shapes.Chunk(new { content = text.Text }, wantsUsage));
                    break;
                case ModelStep.Thought thought:
                    await WireOutput.DataAsync(context, shapes.Chunk(new { reasoning_content = thought.Text }, wantsUsage));
                    break;
                case ModelStep.ToolCall call:
                    foreach (var delta in ChatCompletionShapes.ToolCallDeltas(call, toolIndex++))
                    {
                        await WireOutput.DataAsync(context, shapes.Chunk(delta, wantsUsage));
                    }

                    break;
                default:
                    await WireOutput.FaultAsync(context, step);
                    break;
            }
        }

        await WireOutput.DataAsync(context, shapes.Chunk(new { }, wantsUsage, ChatCompletionShapes.FinishReason(reply)));
        if (wantsUsage)
        {
            await WireOutput.DataAsync(context, shapes.UsageChunk(reply));
        }

        await WireOutput.TextAsync(context, "data: [DONE]\n\n");
    }
}
