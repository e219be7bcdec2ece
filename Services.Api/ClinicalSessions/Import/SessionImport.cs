using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>An import as its sender names it.</summary>
/// <param name="BodyHash">What was sent, so that another body under the same key is told from a repetition.</param>
internal sealed record SessionImport(Guid UserId, string IdempotencyKey, string BodyHash, DateTimeOffset ImportedAt, AuditEntry Audit);

/// <param name="Added"><see langword="false"/> when the session was there before.</param>
internal sealed record StoredImport(bool Added, string BodyHash, Guid SessionId);
