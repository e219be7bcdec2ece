using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;

/// <summary>Reads the events of one streamed response.</summary>
internal sealed class ResponseStream
{
    private readonly ResponseCalls _calls = new();
    private readonly Dictionary<long, (string Id, string Name)> _open = [];
    private readonly HashSet<long> _summarised = [];
    private JsonElement _response;
    private bool _called;

    /// <returns>Null for an event that says nothing to us.</returns>
    public ChatResponseUpdate? Read(JsonElement item)
    {
        _response = item.Object("response") ?? _response;
        ChatFinishReason? reason = null;
        IEnumerable<AIContent> contents = [];

        switch (item.Text("type"))
        {
            case "response.output_text.delta" or "response.refusal.delta":
                contents = [new TextContent(item.Text("delta"))];
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                contents = [Thought(item)];
                break;
            case "response.output_item.added":
                contents = Added(item);
                break;
            case "response.function_call_arguments.delta":
                contents = Piece(item);
                break;
            case "response.output_item.done":
                contents = Done(item.Object("item") ?? default, item.Number("output_index") ?? 0);
                break;
            case "response.completed" or "response.done" or "response.incomplete":
                ResponseReplies.ThrowIfFailed(_response);
                reason = ResponseReplies.ToReason(_response, _called);
                contents = _response.Object("usage") is { } usage ? [new UsageContent(ResponseReplies.ToUsage(usage))] : [];
                break;
            case "response.failed":
                throw ResponseReplies.Failure(_response.Object("error") ?? default);
            case "error":
                throw ResponseReplies.Failure(item.Object("error") ?? item);
            default:
                return null;
        }

        return new(ChatRole.Assistant, [.. contents])
        {
            ResponseId = _response.Text("id"),
            MessageId = _response.Text("id"),
            ModelId = _response.Text("model"),
            CreatedAt = ResponseReplies.Created(_response),
            FinishReason = reason,
        };
    }

    private TextReasoningContent Thought(JsonElement item)
    {
        _summarised.Add(item.Number("output_index") ?? 0);

        // Pieces are joined to one content, which keeps the properties of its first.
        return new(item.Text("delta")) { AdditionalProperties = new() { [ResponseItems.ItemId] = item.Text("item_id") } };
    }

    private List<AIContent> Added(JsonElement added)
    {
        var item = added.Object("item") ?? default;
        var index = added.Number("output_index") ?? 0;

        // Some servers send a call whole, without pieces.
        if (item.Text("status") == "completed")
        {
            return Done(item, index);
        }

        if (item.Text("type") != "function_call" || item.Text("call_id") is not { } id || item.Text("name") is not { } name)
        {
            return [];
        }

        _open[index] = (id, name);
        return [new ToolCallDelta(id, name, "")];
    }

    private IEnumerable<AIContent> Piece(JsonElement item) =>
        _open.TryGetValue(item.Number("output_index") ?? 0, out var call) ? [new ToolCallDelta(call.Id, call.Name, item.Text("delta") ?? "")] : [];

    private List<AIContent> Done(JsonElement item, long index)
    {
        switch (item.Text("type"))
        {
            // Its text came in pieces; the sources are told only here.
            case "message":
                var sources = item.Items("content").SelectMany(Sources.OfMessage).ToList<AIAnnotation>();
                return sources.Count == 0 ? [] : [new TextContent("") { Annotations = sources }];
            case "reasoning":
                return [ResponseReplies.ToReasoning(item, _summarised.Contains(index) ? "" : ResponseReplies.Summary(item))];
            default:
                if (_calls.Take(item) is not { } call)
                {
                    return [];
                }

                _called |= call is FunctionCallContent;
                return [call];
        }
    }
}
