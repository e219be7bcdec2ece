using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.ClaudeCode;

/// <summary>Reads the messages of one query. What the program writes is in the events of its model; its last message says how it ended, and what it used.</summary>
internal sealed class ClaudeCodeStream
{
    /// <summary>The key of the first update's properties that holds the program's own session.</summary>
    public const string Session = "claude_code.session_id";

    private readonly ToolCallAssembly _calls = new();
    private string? _session;
    private string? _messageId;
    private string? _model;
    private string? _stopReason;

    /// <returns>Null for a message that says nothing to who asked: what the program repeats whole, and the work of tools of its own.</returns>
    public ChatResponseUpdate? Read(JsonElement message) => message.Text("type") switch
    {
        "system" => Begin(message),
        "stream_event" when message.Text("parent_tool_use_id") is null && message.Object("event") is { } happened => Read(happened.Text("type"), happened),
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
        var update = Update([]);
        update.AdditionalProperties = _session is null ? null : new() { [Session] = _session };
        return update;
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

        return update;
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

    private ChatResponseUpdate Update(IList<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = _messageId ?? _session, MessageId = _messageId, ModelId = _model };

    private static int IndexOf(JsonElement happened) => (int)(happened.Number("index") ?? 0);
}
