using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Audit;

/// <summary>One row of the practice's audit. Ids are text, so that a row somebody tampered with can still be shown.</summary>
/// <param name="SequenceNumber">Its place in the practice's chain.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="RecordedAt">When it was written down.</param>
/// <param name="UserId">Who did it; null for nobody in particular.</param>
/// <param name="Role">Their role then.</param>
/// <param name="Action">What was done.</param>
/// <param name="RecordType">The kind of record it was done to.</param>
/// <param name="RecordId">The record it was done to.</param>
/// <param name="Outcome">success, refused or failed.</param>
/// <param name="CorrelationId">The id of the work it was part of.</param>
/// <param name="Hash">Over this row and the one before.</param>
/// <param name="RecordedBy">The service that recorded it from outside; null for what this service saw itself.</param>
/// <example>{"sequenceNumber":42,"eventId":"0a000000-0000-7000-8000-000000000901","occurredAt":"2026-11-20T17:00:00Z","recordedAt":"2026-11-20T17:00:01Z","userId":"0a000000-0000-7000-8000-000000000201","role":"practitioner","action":"client.read","recordType":"client","recordId":"0a000000-0000-7000-8000-000000000301","outcome":"success","correlationId":"4bf92f3577b34da6a3ce929d0e0e4736","recordedBy":null,"hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}</example>
public sealed record AuditEventResponse(
    long SequenceNumber, string EventId, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, string? UserId, string Role, string Action,
    string RecordType, string RecordId, string Outcome, string CorrelationId, string? RecordedBy, string Hash);

/// <summary>A page of the audit.</summary>
public sealed record AuditEventListResponse(
    IReadOnlyList<AuditEventResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>What a walk over the chain found.</summary>
/// <param name="Intact">Whether every row is as it was written.</param>
/// <param name="FirstSequenceNumber">The oldest row that is kept; null without any.</param>
/// <param name="LastSequenceNumber">The newest row.</param>
/// <param name="Rows">Rows found in order.</param>
/// <param name="LastHash">Worth keeping elsewhere: whoever rewrites the whole chain cannot rewrite that.</param>
/// <param name="FirstBroken">Null for an unbroken chain.</param>
/// <example>{"practiceId":"0a000000-0000-7000-8000-000000000001","intact":false,"rows":41,"firstSequenceNumber":1,"lastSequenceNumber":60,"lastHash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","firstBroken":{"sequenceNumber":42,"reason":"altered"}}</example>
public sealed record AuditVerificationResponse(
    Guid PracticeId, bool Intact, long Rows, long? FirstSequenceNumber, long LastSequenceNumber, string LastHash, BrokenAuditRowResponse? FirstBroken);

/// <summary>The first row that is not as it was written.</summary>
/// <param name="SequenceNumber">Its place in the chain.</param>
/// <param name="Reason">missing, altered or added.</param>
/// <example>{"sequenceNumber":42,"reason":"altered"}</example>
public sealed record BrokenAuditRowResponse(long SequenceNumber, string Reason);

/// <summary>What a service saw: 1 to 500 events.</summary>
/// <param name="Events">In any order.</param>
public sealed record RecordAuditEventsRequest([Required] IReadOnlyList<RecordAuditEventRequest?>? Events);

/// <summary>One event: who did what to which record, never what the record says.</summary>
/// <param name="EventId">Made by the sender; an event under the same id is recorded once.</param>
/// <param name="OccurredAt">When it happened, with its offset: within the last 30 days.</param>
/// <param name="Role">owner, practitioner, reception, client, admin or service.</param>
/// <param name="Action">What was done: words in lower case with dots between them.</param>
/// <param name="RecordType">The kind of record it was done to.</param>
/// <param name="RecordId">The record it was done to.</param>
/// <param name="CorrelationId">The id of the work it was part of.</param>
/// <param name="UserId">Null when nobody in particular did it.</param>
/// <param name="Outcome">success, refused or failed.</param>
/// <example>{"eventId":"0a000000-0000-7000-8000-000000000901","occurredAt":"2026-11-20T17:00:00Z","userId":"0a000000-0000-7000-8000-000000000201","role":"practitioner","action":"tool.refused","recordType":"run","recordId":"0a000000-0000-7000-8000-000000000a01","outcome":"refused","correlationId":"4bf92f3577b34da6a3ce929d0e0e4736"}</example>
public sealed record RecordAuditEventRequest(
    [Required] Guid? EventId,
    [Required] DateTimeOffset? OccurredAt,
    Guid? UserId,
    [Required] string? Role,
    [Required] string? Action,
    [Required] string? RecordType,
    [Required] string? RecordId,
    [Required] string? Outcome,
    [Required] string? CorrelationId);

/// <summary>How many of the events were new.</summary>
/// <param name="Recorded">Events that were not recorded before.</param>
/// <param name="Repeated">Events that were recorded before.</param>
public sealed record RecordedAuditEventsResponse(int Recorded, int Repeated);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuditEventListResponse))]
[JsonSerializable(typeof(AuditVerificationResponse))]
[JsonSerializable(typeof(RecordAuditEventsRequest))]
[JsonSerializable(typeof(RecordedAuditEventsResponse))]
internal sealed partial class AuditJsonContext : JsonSerializerContext;
