using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>Writes embeddings as OpenAI sends them.</summary>
internal static class EmbeddingWriter
{
    // {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}
    public static async Task WriteAsync(HttpContext context, ModelRequest request, EmbeddingReply reply)
    {
        await reply.Gate.WaitAsync(context.RequestAborted);
        if (reply.Refusal is { } refusal)
        {
            await new ChatCompletionWire().RefuseAsync(context, refusal);
            return;
        }

        if (reply.Raw is { } raw)
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(raw), context.RequestAborted);
            return;
        }

        var tokens = request.Inputs.Sum(input => input.Split(' ').Length);
        await context.Response.WriteAsJsonAsync(
            new
            {
                @object = "list",
                data = reply.Vectors.Select((vector, index) => new { @object = "embedding", index, embedding = request.WantsBase64 ? (object)Packed(vector) : vector }),
                model = request.Model,
                usage = new { prompt_tokens = tokens, total_tokens = tokens },
            },
            context.RequestAborted);
    }

    private static string Packed(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));
}
