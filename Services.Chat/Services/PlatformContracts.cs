using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Services;

internal sealed record RecordAuditEventsRequest(IReadOnlyList<RecordAuditEvent> Events);

internal sealed record RecordAuditEvent(
    Guid EventId, DateTimeOffset OccurredAt, Guid? UserId, string Role, string Action, string RecordType, string RecordId, string Outcome, string CorrelationId);

internal sealed record RecordedAuditEvents(int Recorded, int Repeated);

internal sealed record ActiveUserList(IReadOnlyList<ActiveUser> Items);

internal sealed record ActiveUser(Guid UserId, string Role);

internal sealed record ServiceToken([property: JsonPropertyName("access_token")] string AccessToken);
