using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Documents.Services;

// The part of OpenAI's chat completions wire that drafting uses.

internal sealed record CompletionRequest(string Model, IReadOnlyList<CompletionMessage> Messages, ResponseFormat ResponseFormat)
{
    public double? Temperature { get; init; }
}

internal sealed record CompletionMessage(string Role, string Content);

internal sealed record ResponseFormat(string Type, ResponseSchema JsonSchema);

internal sealed record ResponseSchema(string Name, bool Strict, JsonNode Schema);

internal sealed record CompletionResponse(string? Model, IReadOnlyList<CompletionChoice>? Choices);

internal sealed record CompletionChoice(CompletionReply? Message, string? FinishReason);

internal sealed record CompletionReply(string? Content, string? Refusal);

internal sealed record CompletionFailure(CompletionError? Error);

internal sealed record CompletionError(string? Message, string? Type, string? Code);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(CompletionResponse))]
[JsonSerializable(typeof(CompletionFailure))]
internal sealed partial class CompletionJsonContext : JsonSerializerContext;
