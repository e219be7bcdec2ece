using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.ChatCompletions;
using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Models;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>From the updates of a model to the events of one response, and the response itself. Whoever needs no events lets them go by.</summary>
internal sealed class ResponseBuilder(ResponseHead head, bool keeps)
{
    private readonly List<OutputItem> _items = [];
    private readonly Dictionary<string, CallItem> _calls = new(StringComparer.Ordinal);
    private readonly UsageDetails _usage = new();
    private OutputItem? _open;
    private ChatFinishReason? _reason;
    private string? _model;
    private int _sequence;

    public string Id => head.Id;

    /// <summary>The output with all that continues the conversation, sealed thoughts too.</summary>
    public JsonArray Context => [.. _items.Select(item => (JsonNode)item.ToContext())];

    /// <summary>Lets events go by that nobody reads.</summary>
    public static void Take(IEnumerable<JsonObject> events)
    {
        foreach (var _ in events)
        {
        }
    }

    public IEnumerable<JsonObject> Begin() => Numbered([Told("response.created", Head("in_progress")), Told("response.in_progress", Head("in_progress"))]);

    public IEnumerable<JsonObject> Read(ChatResponseUpdate update)
    {
        _reason = update.FinishReason ?? _reason;
        _model ??= update.ModelId;
        return Numbered(update.Contents.SelectMany(Read));
    }

    /// <summary>Closes what is open. The response is whole after that, but not told yet.</summary>
    public IEnumerable<JsonObject> Finish() => Numbered(_items.SelectMany(item => item.Close()));

    /// <param name="kept">Whether it can be asked for again.</param>
    public JsonObject ToResponse(bool kept)
    {
        var status = _reason == ChatFinishReason.Length || _reason == ChatFinishReason.ContentFilter ? "incomplete" : "completed";
        var response = head.ToJson(status, _model, kept);
        response["output"] = Output();
        response["usage"] = Usage();

        if (status == "incomplete")
        {
            response["incomplete_details"] = new JsonObject { ["reason"] = _reason == ChatFinishReason.Length ? "max_output_tokens" : "content_filter" };
        }

        return response;
    }

    public JsonObject ToFailure(DomainException failure, bool kept)
    {
        var response = head.ToJson("failed", _model, kept);
        response["output"] = Output();
        response["error"] = new JsonObject
        {
            ["code"] = failure.Kind == DomainErrorKind.RateLimited ? "rate_limit_exceeded" : "server_error",
            ["message"] = failure.Message,
        };
        return response;
    }

    /// <summary>The last event of the stream: response.completed, response.incomplete or response.failed.</summary>
    public JsonObject End(JsonObject response) => Numbered([Told($"response.{response["status"]}", response)]).Single();

    public JsonObject Head(string status) => head.ToJson(status, _model, keeps);

    private IEnumerable<JsonObject> Read(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent thought:
                return Think(thought);
            case TextContent text:
                return Say(text);
            case ToolCallDelta piece:
                return Call(piece.CallId, piece.Name, piece.Arguments);
            case FunctionCallContent call:
                return Call(call);
            case WebSearchToolCallContent search:
                return Switch(new SearchItem(_items.Count, search.Queries?.FirstOrDefault()));
            case UsageContent counted:
                _usage.Add(counted.Details);
                return [];
            default:
                return [];
        }
    }

    private IEnumerable<JsonObject> Think(TextReasoningContent thought)
    {
        if (thought.Text.Length == 0 && string.IsNullOrEmpty(thought.ProtectedData))
        {
            yield break;
        }

        if (_open is not ReasoningItem)
        {
            foreach (var data in Switch(new ReasoningItem(_items.Count, head.WantsSealedThoughts)))
            {
                yield return data;
            }
        }

        var item = (ReasoningItem)_open!;
        item.Sealed = ThoughtSeal.Seal(thought) ?? item.Sealed;

        if (thought.Text.Length > 0)
        {
            foreach (var data in item.Add(thought.Text))
            {
                yield return data;
            }
        }
    }

    private IEnumerable<JsonObject> Say(TextContent text)
    {
        var sources = CompletionReplies.ToAnnotations(text).ToList();

        if (text.Text.Length == 0 && sources.Count == 0)
        {
            yield break;
        }

        if (_open is not MessageItem)
        {
            foreach (var data in Switch(new MessageItem(_items.Count)))
            {
                yield return data;
            }
        }

        var item = (MessageItem)_open!;

        if (text.Text.Length > 0)
        {
            yield return item.Add(text.Text);
        }

        foreach (var source in sources)
        {
            yield return item.Annotate(source.UrlCitation.Url, source.UrlCitation.Title);
        }
    }

    // Pieces of several calls may come mixed, so a call stays open until it is whole.
    private IEnumerable<JsonObject> Call(string callId, string name, string arguments, JsonElement? extra = null)
    {
        if (!_calls.TryGetValue(callId, out var item))
        {
            _calls[callId] = item = new(_items.Count, callId, name, extra);

            foreach (var data in Switch(item))
            {
                yield return data;
            }
        }

        if (arguments.Length > 0 && !item.IsDone)
        {
            yield return item.Add(arguments);
        }
    }

    private IEnumerable<JsonObject> Call(FunctionCallContent call)
    {
        var isNew = !_calls.TryGetValue(call.CallId, out var known) || (!known.HasArguments && !known.IsDone);
        return [.. Call(call.CallId, call.Name, isNew ? CompletionReplies.ArgumentsOf(call) : "", CallExtras.Of(call)), .. _calls[call.CallId].Close()];
    }

    private IEnumerable<JsonObject> Switch(OutputItem next)
    {
        if (_open is not (null or CallItem))
        {
            foreach (var data in _open.Close())
            {
                yield return data;
            }
        }

        _items.Add(next);
        _open = next;

        foreach (var data in next.Open())
        {
            yield return data;
        }
    }

    private JsonArray Output() => [.. _items.Select(item => (JsonNode)item.ToJson(isDone: true))];

    private JsonObject Usage()
    {
        var input = _usage.InputTokenCount ?? 0;
        var output = _usage.OutputTokenCount ?? 0;
        return new()
        {
            ["input_tokens"] = input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = _usage.CachedInputTokenCount ?? 0 },
            ["output_tokens"] = output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = _usage.ReasoningTokenCount ?? 0 },
            ["total_tokens"] = _usage.TotalTokenCount ?? input + output,
        };
    }

    private static JsonObject Told(string type, JsonObject response) => new() { ["type"] = type, ["response"] = response };

    private IEnumerable<JsonObject> Numbered(IEnumerable<JsonObject> events)
    {
        foreach (var data in events)
        {
            data.Insert(1, "sequence_number", _sequence++);
            yield return data;
        }
    }
}
