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

/// <summary>What a service saw: 1 to 500 events.</summary>
public sealed record RecordAuditEventsRequest(IReadOnlyList<RecordAuditEventRequest?>? Events);

/// <summary>One event: who did what to which record, never what the record says.</summary>
/// <param name="EventId">Made by the sender; an event under the same id is recorded once.</param>
/// <param name="UserId">Null when nobody in particular did it.</param>
/// <param name="Outcome">success, refused or failed.</param>
public sealed record RecordAuditEventRequest(
    Guid? EventId, DateTimeOffset? OccurredAt, Guid? UserId, string? Role, string? Action, string? RecordType, string? RecordId, string? Outcome,
    string? CorrelationId);

/// <param name="Repeated">Events that were recorded before.</param>
public sealed record RecordedAuditEventsResponse(int Recorded, int Repeated);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuditEventListResponse))]
[JsonSerializable(typeof(AuditVerificationResponse))]
[JsonSerializable(typeof(RecordAuditEventsRequest))]
[JsonSerializable(typeof(RecordedAuditEventsResponse))]
internal sealed partial class AuditJsonContext : JsonSerializerContext;
