using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Sessions;

/// <summary>The UI's own objects are camelCase.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UiState))]
[JsonSerializable(typeof(UiClient))]
[JsonSerializable(typeof(UiTemplate))]
[JsonSerializable(typeof(IReadOnlyList<UiLoadedSession>))]
[JsonSerializable(typeof(IReadOnlyList<UiDocument>))]
internal sealed partial class UiStateJsonContext : JsonSerializerContext;
