using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>Gemini's generateContent: every chunk is a whole reply of its own.</summary>
internal sealed class GeminiWire : ModelWire
{
    public override IReadOnlyList<string> Required => ["contents"];

    public override string? KeyOf(HttpRequest request) => request.Headers["x-goog-api-key"] is { Count: 1 } key ? key.ToString() : null;

    // {"error":{"code":429,"message":"...","status":"RESOURCE_EXHAUSTED"}}
    public override object Envelope(ModelRefusal refusal) =>
        new { error = new { code = (int)refusal.Status, message = refusal.Message, status = refusal.Code ?? "UNKNOWN" } };

    protected override object Whole(ModelRequest request, ModelReply reply) =>
        Chunk(request, [.. reply.Steps.Select(Part).OfType<object>()], FinishReason(reply), Usage(reply, reply.CompletionTokens));

    protected override async Task StreamAsync(HttpContext context, ModelRequest request, ModelReply reply)
    {
        var output = 0;
        foreach (var step in reply.Steps)
        {
            if (Part(step) is { } part)
            {
                await WireOutput.DataAsync(context, Chunk(request, [part], null, Usage(reply, ++output)));
            }
            else
            {
                await WireOutput.FaultAsync(context, step);
            }
        }

        await WireOutput.DataAsync(context, Chunk(request, [new { text = "" }], FinishReason(reply), Usage(reply, reply.CompletionTokens)));
    }

    private static object? Part(ModelStep step) => step switch
    {
        ModelStep.TextDelta text => new { text = text.Text },
        ModelStep.Thought thought => new { text = thought.Text, thought = true },
        ModelStep.ToolCall { Signature: { } thoughtSignature } call => new { functionCall = Call(call), thoughtSignature },
        ModelStep.ToolCall call => new { functionCall = Call(call) },
        _ => null,
    };

    private static object Call(ModelStep.ToolCall call) => new { name = call.Name, args = JsonSerializer.Deserialize<JsonElement>(call.Arguments) };

    private static object Chunk(ModelRequest request, object[] parts, string? finishReason, object usage) => new
    {
        candidates = new[] { new { content = new { parts, role = "model" }, finishReason, index = 0 } },
        usageMetadata = usage,
        modelVersion = request.Model,
        responseId = "resp-tests",
    };

    private static object Usage(ModelReply reply, int output) => new
    {
        promptTokenCount = reply.PromptTokens,
        candidatesTokenCount = output - Math.Min(output, reply.ReasoningTokens),
        thoughtsTokenCount = Math.Min(output, reply.ReasoningTokens),
        cachedContentTokenCount = reply.CachedTokens,
        totalTokenCount = reply.PromptTokens + output,
    };

    private static string FinishReason(ModelReply reply) => ChatCompletionShapes.FinishReason(reply) switch
    {
        "length" => "MAX_TOKENS",
        "content_filter" => "SAFETY",
        _ => "STOP",
    };
}
