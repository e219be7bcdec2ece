using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;

internal sealed record EmbeddingRequest(
    string Model, IReadOnlyList<string> Input, [property: JsonPropertyName("encoding_format")] string EncodingFormat = "float");

// {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],"model":"m","usage":{...}}
internal sealed record EmbeddingAnswer(IReadOnlyList<EmbeddingItem>? Data);

internal sealed record EmbeddingItem(int Index, float[]? Embedding);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingAnswer))]
internal sealed partial class EmbeddingJsonContext : JsonSerializerContext;

/// <summary>The embedding server refused, could not be reached, or answered something else than was asked.</summary>
internal sealed class EmbeddingException(string message, Exception? innerException = null) : Exception(message, innerException);
