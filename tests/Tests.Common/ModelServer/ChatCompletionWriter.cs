using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>Plays a scripted reply on OpenAI's wire.</summary>
internal static class ChatCompletionWriter
{
    public static async Task WriteAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        if (reply.Refusal is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        var completion = new ChatCompletionShapes(request.Model);
        await (request.Streams
            ? StreamAsync(context, completion, request.WantsUsage, reply)
            : WriteWholeAsync(context, completion, reply));
    }

    public static Task RefuseAsync(HttpContext context, ModelRefusal refusal)
    {
        context.Response.StatusCode = (int)refusal.Status;
        if (refusal.RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = refusal.RetryAfter;
        }

        return context.Response.WriteAsJsonAsync(Envelope(refusal), context.RequestAborted);
    }

    public static object Envelope(ModelRefusal refusal) =>
        new { error = new { message = refusal.Message, type = refusal.Type, param = (string?)null, code = refusal.Code } };

    private static async Task StreamAsync(HttpContext context, ChatCompletionShapes shapes, bool wantsUsage, ModelReply reply)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var toolIndex = 0;
        var begun = false;
        foreach (var step in reply.Steps)
        {
            // The role goes first, with the first thing said: a model that thinks for long sends nothing meanwhile.
            if (!begun && step is ModelStep.TextDelta or ModelStep.ToolCall)
            {
                begun = true;
                await SendAsync(context, shapes.Chunk(ChatCompletionShapes.RoleDelta(step is ModelStep.TextDelta), wantsUsage));
            }

            switch (step)
            {
                case ModelStep.TextDelta text:
                    await SendAsync(context, shapes.Chunk(new { content = text.Text }, wantsUsage));
                    break;
                case ModelStep.ToolCall call:
                    foreach (var delta in ChatCompletionShapes.ToolCallDeltas(call, toolIndex++))
                    {
                        await SendAsync(context, shapes.Chunk(delta, wantsUsage));
                    }

                    break;
                default:
                    await PlayFaultAsync(context, step);
                    break;
            }
        }

        await SendAsync(context, shapes.Chunk(new { }, wantsUsage, ChatCompletionShapes.FinishReason(reply)));
        if (wantsUsage)
        {
            await SendAsync(context, shapes.UsageChunk(reply));
        }

        await SendTextAsync(context, "data: [DONE]\n\n");
    }

    private static async Task WriteWholeAsync(HttpContext context, ChatCompletionShapes shapes, ModelReply reply)
    {
        context.Response.ContentType = "application/json";
        var raw = false;
        foreach (var step in reply.Steps)
        {
            raw |= step is ModelStep.Raw;
            await PlayFaultAsync(context, step);
        }

        if (!raw)
        {
            await SendTextAsync(context, JsonSerializer.Serialize(shapes.Whole(reply)));
        }
    }

    private static async Task PlayFaultAsync(HttpContext context, ModelStep step)
    {
        switch (step)
        {
            case ModelStep.Wait wait:
                // What was sent before the wait is with the client during it.
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await wait.Over(context.RequestAborted);
                break;
            case ModelStep.Raw raw:
                await SendTextAsync(context, raw.Text);
                break;
            case ModelStep.Cut:
                // After the first byte Kestrel answers the exception by closing without the end of the body, so what was sent still
                // arrives; Abort would reset the connection and lose it.
                if (!context.Response.HasStarted)
                {
                    context.Abort();
                }

                throw new IOException("The script cuts the connection here.");
        }
    }

    private static Task SendAsync(HttpContext context, object chunk) => SendTextAsync(context, $"data: {JsonSerializer.Serialize(chunk)}\n\n");

    private static async Task SendTextAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
