using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Audit;

/// <summary>Who did what to which record, and it was done; ids and names only, never contents.</summary>
/// <param name="UserId">Null when nobody in particular did it.</param>
internal sealed record AuditEvent(
    Guid EventId, DateTimeOffset OccurredAt, Guid? UserId, string Role, string Action, string RecordType, string RecordId, string CorrelationId)
{
    /// <summary>
    /// An event of the request at hand. To be made on the request's own flow: a unit of work of the database does not know the correlation id.
    /// </summary>
    public static AuditEvent By(CurrentUser user, string action, string recordType, string recordId, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), now, user.UserId, user.Role.ToString().ToLowerInvariant(), action, recordType, recordId, Correlation.Current);

    /// <summary>An event that this service brought about by itself.</summary>
    public static AuditEvent BySystem(string action, string recordType, string recordId, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), now, UserId: null, "service", action, recordType, recordId, Correlation.Current);
}

internal static class AuditActions
{
    public const string KeyCreated = "key.created";
    public const string KeyChanged = "key.changed";
    public const string KeyRotated = "key.rotated";
    public const string KeyRevoked = "key.revoked";
    public const string BudgetSet = "budget.set";
    public const string BudgetRemoved = "budget.removed";
}

internal static class AuditRecords
{
    public const string Key = "virtual_key";
    public const string Budget = "budget";
}
