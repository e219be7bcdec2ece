using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Chat.Audit;

/// <summary>Events between the change they tell of, in whose transaction they are written, and the Api's audit.</summary>
internal sealed class AuditOutbox(Database database, TimeProvider timeProvider)
{
    /// <summary>To be called in the transaction of the change, so that there is never one without the other.</summary>
    public static Task AppendAsync(DbConnection connection, DbTransaction transaction, Guid practiceId, AuditEvent audited, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into audit_outbox (event_id, practice_id, occurred_at, user_id, role, action, record_type, record_id, correlation_id)
            values (@EventId, @practiceId, @OccurredAt, @UserId, @Role, @Action, @RecordType, @RecordId, @CorrelationId)
            """,
            new { audited.EventId, practiceId, audited.OccurredAt, audited.UserId, audited.Role, audited.Action, audited.RecordType, audited.RecordId, audited.CorrelationId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The oldest of all practices that wait, for the process itself: each practice's go to its own audit.</summary>
    public Task<IReadOnlyList<WaitingAuditEvent>> ReadAsync(int limit, CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) => (IReadOnlyList<WaitingAuditEvent>)[.. (await connection.QueryAsync<Row>(new(
            """
            select event_id, practice_id, occurred_at, user_id, role, action, record_type, record_id, correlation_id
            from audit_outbox
            where refused_at is null
            order by event_id
            limit @limit
            """,
            new { limit },
            cancellationToken: token))).Select(row => row.ToEvent())],
        cancellationToken);

    public Task RemoveAsync(Guid practiceId, IEnumerable<Guid> eventIds, CancellationToken cancellationToken) => database.RunAsync(
        (connection, token) => connection.ExecuteAsync(new(
            "delete from audit_outbox where practice_id = @practiceId and event_id in @eventIds", new { practiceId, eventIds }, cancellationToken: token)),
        cancellationToken);

    /// <summary>It is not sent again.</summary>
    public Task RefuseAsync(Guid practiceId, Guid eventId, CancellationToken cancellationToken) => database.RunAsync(
        (connection, token) => connection.ExecuteAsync(new(
            "update audit_outbox set refused_at = @now where practice_id = @practiceId and event_id = @eventId",
            new { practiceId, eventId, now = timeProvider.GetUtcNow() },
            cancellationToken: token)),
        cancellationToken);

    private sealed record Row
    {
        public Guid EventId { get; init; }

        public Guid PracticeId { get; init; }

        public DateTimeOffset OccurredAt { get; init; }

        public Guid? UserId { get; init; }

        public string Role { get; init; } = "";

        public string Action { get; init; } = "";

        public string RecordType { get; init; } = "";

        public string RecordId { get; init; } = "";

        public string CorrelationId { get; init; } = "";

        public WaitingAuditEvent ToEvent() => new(PracticeId, new(EventId, OccurredAt, UserId, Role, Action, RecordType, RecordId, CorrelationId));
    }
}

internal sealed record WaitingAuditEvent(Guid PracticeId, AuditEvent Event);
