using System.Text.Json;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>What the gateway reads of a request that it translates; requests to servers of this wire go on as they came.</summary>
internal sealed record CompletionRequest
{
    public string? Model { get; init; }

    public IReadOnlyList<CompletionMessage>? Messages { get; init; }

    public bool? Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    public IReadOnlyList<CompletionTool>? Tools { get; init; }

    /// <summary>"auto", "none", "required" or {"type":"function","function":{"name":"..."}}.</summary>
    public JsonElement? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public ResponseFormat? ResponseFormat { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public float? FrequencyPenalty { get; init; }

    public float? PresencePenalty { get; init; }

    public int? MaxTokens { get; init; }

    public int? MaxCompletionTokens { get; init; }

    public long? Seed { get; init; }

    /// <summary>A text or a list of texts.</summary>
    public JsonElement? Stop { get; init; }

    public string? ReasoningEffort { get; init; }

    /// <summary>Its presence asks for a search.</summary>
    public JsonElement? WebSearchOptions { get; init; }

    public int? N { get; init; }

    public bool? Logprobs { get; init; }

    public int? TopLogprobs { get; init; }

    public JsonElement? LogitBias { get; init; }

    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>What tools were called before they were called tools.</summary>
    public JsonElement? Functions { get; init; }
}

internal sealed record StreamOptions(bool? IncludeUsage);

/// <param name="Content">A text, or parts: [{"type":"text","text":"..."},{"type":"image_url","image_url":{"url":"..."}}].</param>
internal sealed record CompletionMessage(
    string Role, JsonElement? Content = null, string? Name = null, IReadOnlyList<CompletionToolCall>? ToolCalls = null, string? ToolCallId = null);

internal sealed record CompletionTool(string Type, CompletionFunction? Function = null);

internal sealed record CompletionFunction(string Name, string? Description = null, JsonElement? Parameters = null, bool? Strict = null);

internal sealed record ResponseFormat(string Type, ResponseSchema? JsonSchema = null);

internal sealed record ResponseSchema(string Name, string? Description = null, JsonElement? Schema = null, bool? Strict = null);

/// <param name="ExtraContent">What a provider wants back with its call: {"google":{"thought_signature":"..."}}.</param>
internal sealed record CompletionToolCall(string Id, string Type, CompletionCallFunction Function, JsonElement? ExtraContent = null);

internal sealed record CompletionCallFunction(string Name, string Arguments);
