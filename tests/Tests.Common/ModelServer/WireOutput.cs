using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>What all wires share: bytes out, and the faults a script asks for.</summary>
internal static class WireOutput
{
    public static void BeginStream(HttpContext context) => context.Response.ContentType = "text/event-stream; charset=utf-8";

    public static Task DataAsync(HttpContext context, object data) => TextAsync(context, $"data: {JsonSerializer.Serialize(data)}\n\n");

    public static Task EventAsync(HttpContext context, string name, object data) =>
        TextAsync(context, $"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n");

    public static async Task TextAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>A whole reply: the faults among the steps first, then the body, unless the script wrote one of its own.</summary>
    public static async Task WholeAsync(HttpContext context, ModelReply reply, object body)
    {
        context.Response.ContentType = "application/json";
        foreach (var step in reply.Steps)
        {
            await FaultAsync(context, step);
        }

        if (!reply.Steps.Any(step => step is ModelStep.Raw))
        {
            await TextAsync(context, JsonSerializer.Serialize(body));
        }
    }

    public static async Task FaultAsync(HttpContext context, ModelStep step)
    {
        switch (step)
        {
            case ModelStep.Wait wait:
                // What was sent before the wait is with the client during it.
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await wait.Over(context.RequestAborted);
                break;
            case ModelStep.Raw raw:
                await TextAsync(context, raw.Text);
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

    public static Task RefuseAsync(HttpContext context, ModelRefusal refusal, object envelope)
    {
        context.Response.StatusCode = (int)refusal.Status;
        if (refusal.RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = refusal.RetryAfter;
        }

        return context.Response.WriteAsJsonAsync(envelope, context.RequestAborted);
    }
}
