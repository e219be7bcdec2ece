namespace AiPlatform.Services.Api.Violations;

/// <summary>One refusal by the policy: whose request it was, what they asked for, and where from. Never changed.</summary>
/// <param name="ProfileId">Of the practitioner whose request was refused.</param>
/// <param name="Metadata">A JSON object.</param>
/// <param name="RecordedBy">The user or the service that told us.</param>
internal sealed record Violation(
    Guid Id, Guid ProfileId, string? TemplateId, string? TemplateName, string ViolationType, string? TemplateContent, string Reason,
    double? Confidence, Guid? ClientId, string? Metadata, string? IpAddress, string? UserAgent, Guid RecordedBy, DateTimeOffset RecordedAt);

/// <summary>A record as a list shows it: what the template says stays out.</summary>
internal sealed record ViolationHead(
    Guid Id, Guid ProfileId, string? TemplateId, string? TemplateName, string ViolationType, double? Confidence, Guid? ClientId,
    DateTimeOffset RecordedAt);
