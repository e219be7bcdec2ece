using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>One item of a response's output while it grows: what is told when it opens, with each piece, and when it is done.</summary>
internal abstract class OutputItem(string prefix, int index)
{
    public string Id { get; } = $"{prefix}_{Guid.CreateVersion7():N}";

    public bool IsDone { get; private set; }

    public IEnumerable<JsonObject> Open()
    {
        yield return new() { ["type"] = "response.output_item.added", ["output_index"] = index, ["item"] = ToJson(isDone: false) };

        foreach (var data in OpenParts())
        {
            yield return data;
        }
    }

    public IEnumerable<JsonObject> Close()
    {
        if (IsDone)
        {
            yield break;
        }

        IsDone = true;

        foreach (var data in CloseParts())
        {
            yield return data;
        }

        yield return new() { ["type"] = "response.output_item.done", ["output_index"] = index, ["item"] = ToJson(isDone: true) };
    }

    public abstract JsonObject ToJson(bool isDone);

    /// <summary>The item as it goes on into the conversation.</summary>
    public virtual JsonObject ToContext() => ToJson(isDone: true);

    protected virtual IEnumerable<JsonObject> OpenParts() => [];

    protected virtual IEnumerable<JsonObject> CloseParts() => [];

    protected JsonObject Event(string type) => new() { ["type"] = type, ["item_id"] = Id, ["output_index"] = index };
}

internal sealed class MessageItem(int index) : OutputItem("msg", index)
{
    private readonly StringBuilder _text = new();
    private readonly JsonArray _annotations = [];

    public JsonObject Add(string text)
    {
        _text.Append(text);
        return With(Event("response.output_text.delta"), "delta", text, "logprobs", new JsonArray());
    }

    public JsonObject Annotate(string url, string title)
    {
        var annotation = new JsonObject { ["type"] = "url_citation", ["url"] = url, ["title"] = title, ["start_index"] = 0, ["end_index"] = 0 };
        var told = With(Event("response.output_text.annotation.added"), "annotation_index", _annotations.Count, "annotation", annotation.DeepClone());
        _annotations.Add((JsonNode)annotation);
        return told;
    }

    public override JsonObject ToJson(bool isDone) => new()
    {
        ["id"] = Id,
        ["type"] = "message",
        ["status"] = isDone ? "completed" : "in_progress",
        ["role"] = "assistant",
        ["content"] = isDone ? new JsonArray(Part()) : new JsonArray(),
    };

    protected override IEnumerable<JsonObject> OpenParts() => [With(Event("response.content_part.added"), "part", Part())];

    protected override IEnumerable<JsonObject> CloseParts() =>
    [
        With(Event("response.output_text.done"), "text", _text.ToString(), "logprobs", new JsonArray()),
        With(Event("response.content_part.done"), "part", Part()),
    ];

    private JsonObject Part() => new()
    {
        ["type"] = "output_text",
        ["text"] = _text.ToString(),
        ["annotations"] = _annotations.DeepClone(),
        ["logprobs"] = new JsonArray(),
    };

    private static JsonObject With(JsonObject data, string name, JsonNode? value, string? other = null, JsonNode? otherValue = null)
    {
        data["content_index"] = 0;
        data[name] = value;

        if (other is not null)
        {
            data[other] = otherValue;
        }

        return data;
    }
}

/// <param name="showsSeal">Whether the caller asked for the sealed form.</param>
internal sealed class ReasoningItem(int index, bool showsSeal) : OutputItem("rs", index)
{
    private readonly StringBuilder _text = new();

    /// <summary>What the model takes back; told with the whole item only.</summary>
    public string? Sealed { get; set; }

    public IEnumerable<JsonObject> Add(string text)
    {
        if (_text.Length == 0)
        {
            yield return With("response.reasoning_summary_part.added", "part", Part(""));
        }

        _text.Append(text);
        yield return With("response.reasoning_summary_text.delta", "delta", text);
    }

    public override JsonObject ToJson(bool isDone)
    {
        var item = new JsonObject
        {
            ["id"] = Id,
            ["type"] = "reasoning",
            ["summary"] = isDone && _text.Length > 0 ? new JsonArray(Part(_text.ToString())) : new JsonArray(),
        };

        if (isDone && showsSeal)
        {
            item["encrypted_content"] = Sealed;
        }

        return item;
    }

    public override JsonObject ToContext()
    {
        var item = ToJson(isDone: true);
        item["encrypted_content"] = Sealed;
        return item;
    }

    protected override IEnumerable<JsonObject> CloseParts() => _text.Length == 0
        ? []
        : [With("response.reasoning_summary_text.done", "text", _text.ToString()), With("response.reasoning_summary_part.done", "part", Part(_text.ToString()))];

    private JsonObject With(string type, string name, JsonNode value)
    {
        var data = Event(type);
        data["summary_index"] = 0;
        data[name] = value;
        return data;
    }

    private static JsonObject Part(string text) => new() { ["type"] = "summary_text", ["text"] = text };
}

/// <param name="extra">What its provider wants back with it.</param>
internal sealed class CallItem(int index, string callId, string name, JsonElement? extra) : OutputItem("fc", index)
{
    private readonly StringBuilder _arguments = new();

    public bool HasArguments => _arguments.Length > 0;

    public JsonObject Add(string arguments)
    {
        _arguments.Append(arguments);
        var data = Event("response.function_call_arguments.delta");
        data["delta"] = arguments;
        return data;
    }

    public override JsonObject ToJson(bool isDone)
    {
        var item = new JsonObject
        {
            ["id"] = Id,
            ["type"] = "function_call",
            ["status"] = isDone ? "completed" : "in_progress",
            ["call_id"] = callId,
            ["name"] = name,
            ["arguments"] = isDone ? _arguments.ToString() : "",
        };
        item.AddGiven("extra_content", extra?.ToNode());
        return item;
    }

    protected override IEnumerable<JsonObject> CloseParts()
    {
        var data = Event("response.function_call_arguments.done");
        data["name"] = name;
        data["arguments"] = _arguments.ToString();
        yield return data;
    }
}

/// <summary>A search that the provider made itself: it is known when it is done.</summary>
internal sealed class SearchItem(int index, string? query) : OutputItem("ws", index)
{
    public override JsonObject ToJson(bool isDone) => new()
    {
        ["id"] = Id,
        ["type"] = "web_search_call",
        ["status"] = isDone ? "completed" : "in_progress",
        ["action"] = new JsonObject { ["type"] = "search", ["query"] = query ?? "" },
    };
}
