using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.ClaudeCode;

/// <summary>Reads the messages of one query. What the program writes is in the events of its model; its last message says how it ended, and what it used.</summary>
internal sealed class ClaudeCodeStream
{
    private readonly ToolCallAssembly _calls = new();
    private string? _session;
    private string? _messageId;
    private string? _model;
    private string? _stopReason;

    /// <returns>Null for a message that says nothing to who asked: what the program repeats whole, and what its own tools say.</returns>
    public ChatResponseUpdate? Read(JsonElement message) => message.Text("type") switch
    {
        "system" => Begin(message),
        "stream_event" when message.Text("parent_tool_use_id") is null && message.Object("event") is { } happened => Read(happened.Text("type"), happened),
        "assistant" when message.Text("parent_tool_use_id") is { } parent => OwnTools(parent, message),
        "result" => End(message),
        _ => null,
    };

    // {"type":"system","subtype":"init","session_id":"6f0c...","model":"claude-sonnet-4-5","tools":[...]}
    private ChatResponseUpdate? Begin(JsonElement message)
    {
        if (message.Text("subtype") != "init")
        {
            return null;
        }

        (_session, _model) = (message.Text("session_id"), message.Text("model"));
        return _session is null ? Update([]) : Told([new("claudeSession", new() { ["session_id"] = _session, ["model"] = _model })]);
    }

    // {"type":"assistant","parent_tool_use_id":"t1","message":{"content":[{"type":"tool_use","id":"t2","name":"Read","input":{"file_path":"notes.md"}}]}}
    private ChatResponseUpdate? OwnTools(string parent, JsonElement message)
    {
        ProviderEvent[] uses = [.. (message.Object("message")?.Items("content") ?? []).Where(static block => block.Text("type") == "tool_use").Select(block => new ProviderEvent("claudeToolUse", new()
        {
            ["tool_use_id"] = block.Text("id"), ["name"] = block.Text("name"), ["input"] = block.Member("input")?.ToNode(), ["parent_tool_use_id"] = parent,
        }))];
        return uses.Length == 0 ? null : Told(uses);
    }

    // {"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}},"parent_tool_use_id":null}
    private ChatResponseUpdate? Read(string? type, JsonElement happened)
    {
        switch (type)
        {
            case "message_start":
                _messageId = happened.Object("message")?.Text("id") ?? _messageId;
                return null;
            case "content_block_start" when happened.Object("content_block") is { } block && block.Text("type") == "tool_use":
                return Update([_calls.Add(IndexOf(happened), block.Text("id"), block.Text("name"), arguments: null)]);
            case "content_block_delta" when happened.Object("delta") is { } delta:
                return ToContent(happened, delta) is { } content ? Update([content]) : null;
            case "message_delta":
                _stopReason = happened.Object("delta")?.Text("stop_reason") ?? _stopReason;
                return null;
            default:
                return null;
        }
    }

    private AIContent? ToContent(JsonElement happened, JsonElement delta) => delta.Text("type") switch
    {
        "text_delta" => new TextContent(delta.Text("text")),
        "thinking_delta" => new TextReasoningContent(delta.Text("thinking")),
        "input_json_delta" => _calls.Add(IndexOf(happened), id: null, name: null, delta.Text("partial_json")),
        _ => null,
    };

    // {"type":"result","subtype":"success","is_error":false,"usage":{"input_tokens":3,"cache_read_input_tokens":0,"output_tokens":5}}
    // {"type":"result","subtype":"error_during_execution","is_error":true,"api_error_status":529}
    private ChatResponseUpdate End(JsonElement message)
    {
        // A query that stops for the caller's tools has come to the end of its one turn.
        var stoppedForTools = message.Text("subtype") == "error_max_turns" && _calls.Count > 0;

        if (message.Member("is_error") is { ValueKind: JsonValueKind.True } && !stoppedForTools)
        {
            throw Failure(message);
        }

        var update = Update(_calls.Count > 0 ? _calls.Take() : []);
        update.FinishReason = update.Contents.Count > 0 ? ChatFinishReason.ToolCalls
            : _stopReason switch
            {
                "max_tokens" => ChatFinishReason.Length,
                "refusal" => ChatFinishReason.ContentFilter,
                _ => ChatFinishReason.Stop,
            };

        if (message.Object("usage") is { } usage)
        {
            update.Contents.Add(new UsageContent(ToUsage(usage)));
        }

        ProviderEvent.Put(update, [new("claudeCodeFinalResult", Final(message))]);
        return update;
    }

    // Its reckoning of the query; the words it repeats here are with the reader.
    private static JsonObject Final(JsonElement message)
    {
        var final = new JsonObject();

        foreach (var name in (string[])["subtype", "session_id", "is_error", "num_turns", "duration_ms", "total_cost_usd"])
        {
            final.AddGiven(name, message.Member(name)?.ToNode());
        }

        return final;
    }

    private static DomainException Failure(JsonElement message) =>
        ProviderErrors.Of(message.Number("api_error_status") is >= 400 and < 600 and var status ? (int)status : 500, code: null);

    // What was read from the provider's cache and what was put into it are input too.
    private static UsageDetails ToUsage(JsonElement usage)
    {
        var cached = usage.Number("cache_read_input_tokens") ?? 0;
        var input = (usage.Number("input_tokens") ?? 0) + (usage.Number("cache_creation_input_tokens") ?? 0) + cached;
        var output = usage.Number("output_tokens") ?? 0;
        return new() { InputTokenCount = input, CachedInputTokenCount = cached, OutputTokenCount = output, TotalTokenCount = input + output };
    }

    private ChatResponseUpdate Told(IReadOnlyList<ProviderEvent> events)
    {
        var update = Update([]);
        ProviderEvent.Put(update, events);
        return update;
    }

    private ChatResponseUpdate Update(IList<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = _messageId ?? _session, MessageId = _messageId, ModelId = _model };

    private static int IndexOf(JsonElement happened) => (int)(happened.Number("index") ?? 0);
}
