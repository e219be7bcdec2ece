using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Tools.Clients;
using AiPlatform.Services.Chat.Tools.Documents;
using AiPlatform.Services.Chat.Tools.Templates;
using AiPlatform.Services.Chat.Tools.Transcripts;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>Results as models read them: names equal those of the parameters that take the values further.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(ToolResultJson))]
[JsonSerializable(typeof(ClientSearchResult))]
[JsonSerializable(typeof(ClientSummaryResult))]
[JsonSerializable(typeof(SessionSearchResult))]
[JsonSerializable(typeof(SessionResult))]
[JsonSerializable(typeof(TranscriptSearchResult))]
[JsonSerializable(typeof(SessionAnalysis))]
[JsonSerializable(typeof(TemplatesResult))]
[JsonSerializable(typeof(UiActionResult))]
[JsonSerializable(typeof(ReadinessResult))]
[JsonSerializable(typeof(DocumentResult))]
[JsonSerializable(typeof(RepeatedResult))]
internal sealed partial class ToolJsonContext : JsonSerializerContext;
