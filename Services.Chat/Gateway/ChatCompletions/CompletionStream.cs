using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Models;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>From the updates of a model to the chunks of one streamed completion.</summary>
internal sealed class CompletionStream(string id, string model, long created)
{
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inPieces = new(StringComparer.Ordinal);
    private readonly UsageDetails _usage = new();
    private ChatFinishReason? _reason;

    public CompletionChunk Begin() => Chunk(new ChunkDelta("assistant", ""));

    public IEnumerable<CompletionChunk> Read(ChatResponseUpdate update)
    {
        _reason = update.FinishReason ?? _reason;
        return update.Contents.SelectMany(Deltas).Select(delta => Chunk(delta));
    }

    public CompletionChunk End() => Chunk(new ChunkDelta(), CompletionReplies.ToReason(_reason, _calls.Count > 0));

    public CompletionChunk Usage() => Chunk(null) with { Usage = CompletionReplies.ToUsage(_usage) };

    private IEnumerable<ChunkDelta> Deltas(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                yield return new(ReasoningContent: reasoning.Text);
                break;
            case TextContent text:
                if (text.Text.Length > 0)
                {
                    yield return new(Content: text.Text);
                }

                if (CompletionReplies.ToAnnotations(text).ToList() is { Count: > 0 } annotations)
                {
                    yield return new(Annotations: annotations);
                }

                break;
            case ToolCallDelta piece:
                _inPieces.Add(piece.CallId);
                yield return ToDelta(piece.CallId, piece.Name, piece.Arguments);
                break;

            // What came in pieces was sent on with them.
            case FunctionCallContent call when !_inPieces.Contains(call.CallId):
                yield return new(ToolCalls: [new(IndexOf(call.CallId, out _), call.CallId, "function", new(call.Name, CompletionReplies.ArgumentsOf(call)), CallExtras.Of(call))]);
                break;
            case UsageContent counted:
                _usage.Add(counted.Details);
                break;
        }
    }

    private ChunkDelta ToDelta(string callId, string name, string arguments)
    {
        var index = IndexOf(callId, out var isNew);
        return new(ToolCalls: [isNew ? new(index, callId, "function", new(name, arguments)) : new(index, null, null, new(null, arguments))]);
    }

    private int IndexOf(string callId, out bool isNew)
    {
        isNew = !_calls.TryGetValue(callId, out var index);

        if (isNew)
        {
            _calls[callId] = index = _calls.Count;
        }

        return index;
    }

    private CompletionChunk Chunk(ChunkDelta? delta, string? reason = null) =>
        new(id, "chat.completion.chunk", created, model, delta is null ? [] : [new(0, delta, reason)]);
}
