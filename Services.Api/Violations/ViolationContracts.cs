using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Violations;

/// <summary>What was refused, and why.</summary>
/// <param name="TemplateId">The template's id.</param>
/// <param name="TemplateName">Its name.</param>
/// <param name="TemplateContent">Its text.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="ProfileId">The caller's own profile; for a service a practitioner of its practice.</param>
/// <param name="ViolationType">Lower-case words with underscores, as <c>diagnosis_request</c>.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="ClientId">A client the caller may see.</param>
/// <param name="Metadata">A JSON object, 16 KiB at most.</param>
/// <param name="IpAddress">Of who asked; the caller's own when absent.</param>
/// <param name="UserAgent">Of who asked; the caller's own when absent.</param>
/// <example>{"profileId":"0a000000-0000-7000-8000-000000000101","templateId":"tpl-7","templateName":"Diagnosis letter","violationType":"diagnosis_request","templateContent":"State the diagnosis.","reason":"Asks for a diagnosis.","confidence":0.94,"clientId":"0a000000-0000-7000-8000-000000000301","metadata":{"model":"local"}}</example>
public sealed record RecordViolationRequest(
    [Required] Guid? ProfileId, string? TemplateId, string? TemplateName, [Required] string? ViolationType, string? TemplateContent,
    [Required] string? Reason, [Range(0.0, 1.0)] double? Confidence,
    Guid? ClientId, JsonElement? Metadata, string? IpAddress, string? UserAgent);

/// <summary>What was refused, and why.</summary>
/// <param name="ProfileId">The practitioner who asked for it.</param>
/// <param name="TemplateId">The template's id.</param>
/// <param name="TemplateName">Its name.</param>
/// <param name="ViolationType">Lower-case words with underscores.</param>
/// <param name="TemplateContent">Its text.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Metadata">What the policy noted beside.</param>
/// <param name="IpAddress">Of who asked.</param>
/// <param name="UserAgent">Of who asked.</param>
/// <param name="RecordedBy">The user or service that recorded it.</param>
/// <param name="RecordedAt">When that was.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000b01","profileId":"0a000000-0000-7000-8000-000000000101","templateId":"tpl-7","templateName":"Diagnosis letter","violationType":"diagnosis_request","templateContent":"State the diagnosis.","reason":"Asks for a diagnosis.","confidence":0.94,"clientId":"0a000000-0000-7000-8000-000000000301","metadata":{"model":"local"},"ipAddress":"203.0.113.7","userAgent":"Firefox","recordedBy":"0a000000-0000-7000-8000-000000000201","recordedAt":"2026-11-20T17:00:00Z"}</example>
public sealed record ViolationResponse(
    Guid Id, Guid ProfileId, string? TemplateId, string? TemplateName, string ViolationType, string? TemplateContent, string Reason,
    double? Confidence, Guid? ClientId, JsonElement? Metadata, string? IpAddress, string? UserAgent, Guid RecordedBy, DateTimeOffset RecordedAt);

/// <summary>A record as a list shows it.</summary>
/// <param name="ProfileId">The practitioner who asked for it.</param>
/// <param name="TemplateId">The template's id.</param>
/// <param name="TemplateName">Its name.</param>
/// <param name="ViolationType">Lower-case words with underscores.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000b01","profileId":"0a000000-0000-7000-8000-000000000101","templateId":"tpl-7","templateName":"Diagnosis letter","violationType":"diagnosis_request","confidence":0.94,"clientId":"0a000000-0000-7000-8000-000000000301","recordedAt":"2026-11-20T17:00:00Z"}</example>
public sealed record ViolationListItemResponse(
    Guid Id, Guid ProfileId, string? TemplateId, string? TemplateName, string ViolationType, double? Confidence, Guid? ClientId,
    DateTimeOffset RecordedAt);

/// <summary>A page of what was refused.</summary>
public sealed record ViolationListResponse(
    IReadOnlyList<ViolationListItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RecordViolationRequest))]
[JsonSerializable(typeof(ViolationResponse))]
[JsonSerializable(typeof(ViolationListResponse))]
internal sealed partial class ViolationJsonContext : JsonSerializerContext;
