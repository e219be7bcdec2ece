using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Services;

internal sealed record ServiceProblem(string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceProblem))]
[JsonSerializable(typeof(PracticeClientList))]
[JsonSerializable(typeof(PracticeClientSummary))]
[JsonSerializable(typeof(PracticeSessionList))]
[JsonSerializable(typeof(PracticeSession))]
[JsonSerializable(typeof(DocumentTemplateList))]
[JsonSerializable(typeof(GenerateDocumentRequest))]
[JsonSerializable(typeof(RefineDocumentRequest))]
[JsonSerializable(typeof(ClinicalDocument))]
internal sealed partial class ServiceJsonContext : JsonSerializerContext;
