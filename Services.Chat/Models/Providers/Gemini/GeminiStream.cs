using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>Reads one stream: each chunk is a reply of its own; usage grows with every chunk, so the last one is told at the end.</summary>
internal sealed class GeminiStream
{
    private bool _called;
    private JsonElement? _usage;
    private ChatResponseUpdate? _last;

    public ChatResponseUpdate Read(JsonElement chunk)
    {
        if (chunk.Object("error") is not null)
        {
            throw GeminiErrors.Of(chunk);
        }

        GeminiReplies.ThrowIfBlocked(chunk);
        _usage = chunk.Object("usageMetadata") ?? _usage;
        List<AIContent> contents = [.. GeminiReplies.Contents(chunk)];
        _called |= contents.Any(content => content is FunctionCallContent);

        return _last = new(ChatRole.Assistant, contents)
        {
            ResponseId = chunk.Text("responseId"),
            MessageId = chunk.Text("responseId"),
            ModelId = chunk.Text("modelVersion"),
            FinishReason = GeminiReplies.Reason(chunk, _called),
        };
    }

    public ChatResponseUpdate? End() => _usage is not { } usage ? null : new(ChatRole.Assistant, [new UsageContent(GeminiReplies.ToUsage(usage))])
    {
        ResponseId = _last?.ResponseId,
        MessageId = _last?.MessageId,
        ModelId = _last?.ModelId,
    };
}
