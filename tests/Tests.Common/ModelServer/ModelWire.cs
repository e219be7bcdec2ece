using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>One provider's way to be asked and to answer.</summary>
internal abstract class ModelWire
{
    /// <summary>What every request of this wire has.</summary>
    public abstract IReadOnlyList<string> Required { get; }

    /// <summary>The key a request carries where this wire has it.</summary>
    public virtual string? KeyOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } value && value.StartsWith("Bearer ", StringComparison.Ordinal) ? value["Bearer ".Length..] : null;

    public virtual object Envelope(ModelRefusal refusal) =>
        new { error = new { message = refusal.Message, type = refusal.Type, param = (string?)null, code = refusal.Code } };

    public Task RefuseAsync(HttpContext context, ModelRefusal refusal) => WireOutput.RefuseAsync(context, refusal, Envelope(refusal));

    public async Task WriteAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        if (reply.Refusal is { } refusal)
        {
            await RefuseAsync(context, refusal);
        }
        else if (request.Streams)
        {
            WireOutput.BeginStream(context);
            await StreamAsync(context, request, reply);
        }
        else
        {
            await WireOutput.WholeAsync(context, reply, Whole(request, reply));
        }
    }

    protected abstract Task StreamAsync(HttpContext context, ModelRequest request, ModelReply reply);

    protected abstract object Whole(ModelRequest request, ModelReply reply);

    protected static string IdOf(ModelStep.ToolCall call) => call.Id ?? $"call_{Guid.CreateVersion7():N}";

    protected static IEnumerable<string> Pieces(string text)
    {
        const int length = 12;
        for (var start = 0; start < text.Length; start += length)
        {
            yield return text.Substring(start, Math.Min(length, text.Length - start));
        }
    }
}
