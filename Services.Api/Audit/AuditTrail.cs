using System.Collections.Concurrent;
using System.Data.Common;
using AiPlatform.Services.Api.Data;
using Dapper;

namespace AiPlatform.Services.Api.Audit;

/// <summary>The end of each practice's chain, for stores that record a change in the transaction that makes it.</summary>
internal sealed class AuditTrail(TimeProvider timeProvider)
{
    // Practices whose head row was seen. Asking for one that is not there would lock the gap it goes into, and two that do so block each other.
    private readonly ConcurrentDictionary<Guid, bool> _begun = new();

    /// <summary>
    /// Records what the transaction does. The last thing a transaction does before it commits: from here on every other writer of the
    /// practice waits for it, and whoever locks something after this may lock in another order than somebody else.
    /// </summary>
    public Task AppendAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, AuditEntry entry, CancellationToken cancellationToken) =>
        AppendAsync(connection, transaction, practiceId, [entry], cancellationToken);

    /// <inheritdoc cref="AppendAsync(DbConnection, DbTransaction, Guid, AuditEntry, CancellationToken)"/>
    public async Task AppendAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var place = await LockAsync(connection, transaction, practiceId, cancellationToken);
        var now = ToMicroseconds(timeProvider.GetUtcNow());
        var rows = new List<object?[]>(entries.Count);
        foreach (var entry in entries)
        {
            var row = entry.ToRow(practiceId, place.SequenceNumber + 1, now);
            place = new(row.SequenceNumber, AuditChain.HashOf(place.Hash, row));
            rows.Add(
            [
                practiceId, row.SequenceNumber, row.EventId, ToMicroseconds(entry.OccurredAt), now, row.UserId, row.Role, row.Action,
                row.RecordType, row.RecordId, row.Outcome, row.CorrelationId, row.RecordedBy, place.Hash,
            ]);
        }

        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert into audit_events
                (practice_id, sequence_number, event_id, occurred_at, recorded_at, user_id, role, action, record_type, record_id, outcome,
                 correlation_id, recorded_by, hash)
            """,
            rows,
            cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update audit_heads set sequence_number = @SequenceNumber, hash = @Hash where practice_id = @practiceId",
            new { practiceId, place.SequenceNumber, place.Hash },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>Locks the end of the chain until the transaction ends, so that two writers never go on from the same row.</summary>
    public async Task<AuditPlace> LockAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, CancellationToken cancellationToken)
    {
        var lockHead = new CommandDefinition(
            "select sequence_number, hash from audit_heads where practice_id = @practiceId for update",
            new { practiceId },
            transaction,
            cancellationToken: cancellationToken);
        if (_begun.ContainsKey(practiceId) && await connection.QuerySingleOrDefaultAsync<AuditPlace>(lockHead) is { } place)
        {
            return place;
        }

        // Takes the exclusive lock whether the row was there or not.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into audit_heads (practice_id, sequence_number, hash)
            values (@practiceId, @SequenceNumber, @Hash)
            on duplicate key update sequence_number = sequence_number
            """,
            new { practiceId, AuditPlace.Beginning.SequenceNumber, AuditPlace.Beginning.Hash },
            transaction,
            cancellationToken: cancellationToken));
        _begun[practiceId] = true;
        return await connection.QuerySingleAsync<AuditPlace>(lockHead);
    }

    private static DateTimeOffset ToMicroseconds(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
