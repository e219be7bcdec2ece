using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Services;

internal sealed record ServiceProblem(string? Detail = null, string? Code = null);

/// <summary>Wire of the neighbours. What a contract promises must be there; what it leaves open may be missing or null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ServiceProblem))]
[JsonSerializable(typeof(ServiceToken))]
[JsonSerializable(typeof(RecordAuditEventsRequest))]
[JsonSerializable(typeof(RecordedAuditEvents))]
[JsonSerializable(typeof(ActiveUserList))]
[JsonSerializable(typeof(PracticeClientList))]
[JsonSerializable(typeof(PracticeClientSummary))]
[JsonSerializable(typeof(PracticeSessionList))]
[JsonSerializable(typeof(PracticeSession))]
[JsonSerializable(typeof(SearchTranscriptsRequest))]
[JsonSerializable(typeof(TranscriptHits))]
[JsonSerializable(typeof(AnalyzeSessionRequest))]
[JsonSerializable(typeof(SessionAnalysis))]
[JsonSerializable(typeof(DocumentTemplateList))]
[JsonSerializable(typeof(GenerateDocumentRequest))]
[JsonSerializable(typeof(RefineDocumentRequest))]
[JsonSerializable(typeof(ClinicalDocument))]
internal sealed partial class ServiceJsonContext : JsonSerializerContext;
