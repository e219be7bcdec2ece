using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<ToolCallSummary>))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
