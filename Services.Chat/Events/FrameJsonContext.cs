using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Events;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FrameBody))]
internal sealed partial class FrameJsonContext : JsonSerializerContext;
