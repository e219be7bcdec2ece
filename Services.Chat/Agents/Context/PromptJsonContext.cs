using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Agents.Context;

internal sealed record PromptUser(string Role, Guid PracticeId, Guid? PractitionerProfileId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PromptUser))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class PromptJsonContext : JsonSerializerContext;
