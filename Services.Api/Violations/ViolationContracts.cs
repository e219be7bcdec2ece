using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Violations;

/// <param name="ProfileId">The caller's own profile; for a service a practitioner of its practice.</param>
/// <param name="ViolationType">Lower-case words with underscores, as <c>diagnosis_request</c>.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="ClientId">A client the caller may see.</param>
/// <param name="Metadata">A JSON object, 16 KiB at most.</param>
/// <param name="IpAddress">Of who asked; the caller's own when absent.</param>
/// <param name="UserAgent">Of who asked; the caller's own when absent.</param>
public sealed record RecordViolationRequest(
    Guid? ProfileId, string? TemplateId, string? TemplateName, string? ViolationType, string? TemplateContent, string? Reason, double? Confidence,
    Guid? ClientId, JsonElement? Metadata, string? IpAddress, string? UserAgent);

public sealed record ViolationResponse(
    Guid Id, Guid ProfileId, string? TemplateId, string? TemplateName, string ViolationType, string? TemplateContent, string Reason,
    double? Confidence, Guid? ClientId, JsonElement? Metadata, string? IpAddress, string? UserAgent, Guid RecordedBy, DateTimeOffset RecordedAt);

/// <summary>A record as a list shows it.</summary>
public sealed record ViolationListItemResponse(
    Guid Id, Guid ProfileId, string? TemplateId, string? TemplateName, string ViolationType, double? Confidence, Guid? ClientId,
    DateTimeOffset RecordedAt);

public sealed record ViolationListResponse(
    IReadOnlyList<ViolationListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RecordViolationRequest))]
[JsonSerializable(typeof(ViolationResponse))]
[JsonSerializable(typeof(ViolationListResponse))]
internal sealed partial class ViolationJsonContext : JsonSerializerContext;
