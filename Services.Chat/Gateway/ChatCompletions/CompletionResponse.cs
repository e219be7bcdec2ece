using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

internal sealed record CompletionResponse(
    string Id, string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, CompletionUsage Usage);

internal sealed record CompletionChoice(int Index, CompletionReply Message, string FinishReason);

internal sealed record CompletionReply(
    string Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Content,
    IReadOnlyList<CompletionToolCall>? ToolCalls,
    string? ReasoningContent = null,
    IReadOnlyList<CompletionAnnotation>? Annotations = null);

internal sealed record CompletionUsage(
    long PromptTokens, long CompletionTokens, long TotalTokens, PromptDetails? PromptTokensDetails = null, CompletionDetails? CompletionTokensDetails = null);

internal sealed record PromptDetails(long CachedTokens);

internal sealed record CompletionDetails(long ReasoningTokens);

// {"type":"url_citation","url_citation":{"url":"https://...","title":"...","start_index":0,"end_index":0}}
internal sealed record CompletionAnnotation(string Type, UrlCitation UrlCitation);

internal sealed record UrlCitation(string Url, string Title, int StartIndex, int EndIndex);

// {"id":"chatcmpl-...","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}
internal sealed record CompletionChunk(
    string Id, string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices, CompletionUsage? Usage = null);

internal sealed record ChunkChoice(
    int Index, ChunkDelta Delta, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason = null);

internal sealed record ChunkDelta(
    string? Role = null,
    string? Content = null,
    IReadOnlyList<ChunkToolCall>? ToolCalls = null,
    string? ReasoningContent = null,
    IReadOnlyList<CompletionAnnotation>? Annotations = null);

/// <summary>Id, type and name stand in the first piece of a call only.</summary>
internal sealed record ChunkToolCall(int Index, string? Id, string? Type, ChunkCallFunction Function, JsonElement? ExtraContent = null);

internal sealed record ChunkCallFunction(string? Name, string Arguments);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(CompletionResponse))]
[JsonSerializable(typeof(CompletionChunk))]
[JsonSerializable(typeof(Dictionary<string, object?>), TypeInfoPropertyName = "Arguments")]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class CompletionJsonContext : JsonSerializerContext;
