using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Documents.Grounding;

namespace AiPlatform.Services.Documents.Storage;

/// <summary>Form of what lies as JSON in columns.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<DocumentSection>))]
[JsonSerializable(typeof(IReadOnlyList<Guid>))]
internal sealed partial class StorageJsonContext : JsonSerializerContext;
