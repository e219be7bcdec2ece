using System.Globalization;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Who did what to which record, with what outcome; ids and names only, never contents.</summary>
/// <param name="EventId">Under it an event is in a practice's chain once.</param>
/// <param name="UserId">Null when nobody in particular did it.</param>
/// <param name="RecordedBy">The other service that says so; null for what this service saw itself.</param>
internal sealed record AuditEntry(
    Guid EventId, DateTimeOffset OccurredAt, Guid? UserId, string Role, string Action, string RecordType, string RecordId, string Outcome,
    string CorrelationId, Guid? RecordedBy = null)
{
    /// <summary>
    /// An event of the request at hand. To be made on the request's own flow: a unit of work of the database does not know the correlation id.
    /// </summary>
    public static AuditEntry By(
        CurrentUser user, string action, string recordType, Guid recordId, DateTimeOffset now, string outcome = AuditOutcomes.Success) =>
        By(user.UserId, user.Role, action, recordType, recordId, now, outcome, Correlation.Current);

    public static AuditEntry By(
        Guid userId, UserRole role, string action, string recordType, Guid recordId, DateTimeOffset now, string outcome, string correlationId) =>
        new(Guid.CreateVersion7(now), now, userId, role.ToWire(), action, recordType, recordId.ToString(), outcome, correlationId);

    /// <summary>Another event of the same act.</summary>
    public AuditEntry Of(string action, string recordType, Guid recordId) =>
        this with { EventId = Guid.CreateVersion7(OccurredAt), Action = action, RecordType = recordType, RecordId = recordId.ToString() };

    /// <summary>The row this becomes, its hash still to come.</summary>
    public AuditRow ToRow(Guid practiceId, long sequenceNumber, DateTimeOffset recordedAt) => new(
        practiceId.ToString(), sequenceNumber, EventId.ToString(), ToText(OccurredAt), ToText(recordedAt), UserId?.ToString(), Role, Action,
        RecordType, RecordId, Outcome, CorrelationId, RecordedBy?.ToString(), Hash: "");

    // 2026-11-20T09:30:00.123456, as datetime(6) keeps it
    private static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
