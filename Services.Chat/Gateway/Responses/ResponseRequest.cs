using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AiPlatform.Services.Chat.Gateway.Requests;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>What the gateway reads of a request that it translates; requests to servers of this wire go on as they came.</summary>
internal sealed record ResponseRequest
{
    public string? Model { get; init; }

    /// <summary>A text, or items: [{"role":"user","content":"..."},{"type":"function_call_output","call_id":"...","output":"..."}].</summary>
    public JsonElement? Input { get; init; }

    public string? Instructions { get; init; }

    public string? PreviousResponseId { get; init; }

    public bool? Store { get; init; }

    public bool? Stream { get; init; }

    public bool? Background { get; init; }

    public JsonElement? Tools { get; init; }

    public JsonElement? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public int? MaxOutputTokens { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public int? TopLogprobs { get; init; }

    public ReasoningRequest? Reasoning { get; init; }

    public TextRequest? Text { get; init; }

    public JsonElement? Metadata { get; init; }

    public IReadOnlyList<string>? Include { get; init; }

    public string? User { get; init; }

    public JsonElement? Conversation { get; init; }

    public JsonElement? Prompt { get; init; }

    public bool Keeps => Store is not false;

    /// <summary>Whether the caller wants what the model thought in its sealed form, to hand it back.</summary>
    public bool WantsSealedThoughts => Include?.Contains("reasoning.encrypted_content") is true;

    public static ResponseRequest Read(ReadOnlySpan<byte> body)
    {
        TranslatedBody.Ensure(body);

        try
        {
            return JsonSerializer.Deserialize(body, ResponseJsonContext.Default.ResponseRequest)!;
        }
        catch (JsonException exception)
        {
            throw InvalidRequest.Value(
                exception.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", $"The request does not have the shape of a response at {exception.Path}.");
        }
    }
}

internal sealed record ReasoningRequest(string? Effort = null, string? Summary = null);

internal sealed record TextRequest(JsonElement? Format = null, string? Verbosity = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResponseRequest))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ResponseJsonContext : JsonSerializerContext;
