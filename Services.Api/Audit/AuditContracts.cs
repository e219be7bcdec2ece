using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Audit;

/// <summary>One row of the practice's audit. Ids are text, so that a row somebody tampered with can still be shown.</summary>
/// <param name="RecordedBy">The service that recorded it from outside; null for what this service saw itself.</param>
public sealed record AuditEventResponse(
    long SequenceNumber, string EventId, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, string? UserId, string Role, string Action,
    string RecordType, string RecordId, string Outcome, string CorrelationId, string? RecordedBy, string Hash);

public sealed record AuditEventListResponse(
    IReadOnlyList<AuditEventResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <param name="Rows">Rows found in order.</param>
/// <param name="LastHash">Worth keeping elsewhere: whoever rewrites the whole chain cannot rewrite that.</param>
/// <param name="FirstBroken">Null for an unbroken chain.</param>
public sealed record AuditVerificationResponse(
    Guid PracticeId, bool Intact, long Rows, long? FirstSequenceNumber, long LastSequenceNumber, string LastHash, BrokenAuditRowResponse? FirstBroken);

/// <param name="Reason">missing, altered or added.</param>
public sealed record BrokenAuditRowResponse(long SequenceNumber, string Reason);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RecordAuditEventsRequest([Required, Length(1, AuditIntake.MaxEvents)] IReadOnlyList<RecordAuditEventRequest> Events);

/// <param name="EventId">Made by the sender; an event under the same id is recorded once.</param>
/// <param name="UserId">Null when nobody in particular did it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RecordAuditEventRequest(
    [Required] Guid? EventId,
    [Required] DateTimeOffset? OccurredAt,
    Guid? UserId,
    [Required, AllowedValues("owner", "practitioner", "reception", "client", "admin", "service")] string Role,
    [Required, StringLength(64), RegularExpression(AuditIntake.Name)] string Action,
    [Required, StringLength(64), RegularExpression(AuditIntake.Name)] string RecordType,
    [Required, StringLength(64), RegularExpression(AuditIntake.Id)] string RecordId,
    [Required, AllowedValues(AuditOutcomes.Success, AuditOutcomes.Refused, AuditOutcomes.Failed)] string Outcome,
    [Required, StringLength(64), RegularExpression(AuditIntake.Id)] string CorrelationId);

/// <param name="Repeated">Events that were recorded before.</param>
public sealed record RecordedAuditEventsResponse(int Recorded, int Repeated);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuditEventListResponse))]
[JsonSerializable(typeof(AuditVerificationResponse))]
[JsonSerializable(typeof(RecordAuditEventsRequest))]
[JsonSerializable(typeof(RecordedAuditEventsResponse))]
internal sealed partial class AuditJsonContext : JsonSerializerContext;
