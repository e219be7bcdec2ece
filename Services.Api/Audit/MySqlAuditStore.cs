using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.Audit;

internal sealed class MySqlAuditStore(Database database, AuditTrail trail) : IAuditStore
{
    private const string RowColumns =
        """
        practice_id, sequence_number, event_id, date_format(occurred_at, '%Y-%m-%dT%H:%i:%s.%f') as occurred_at,
        date_format(recorded_at, '%Y-%m-%dT%H:%i:%s.%f') as recorded_at, user_id, role, action, record_type, record_id, outcome,
        correlation_id, recorded_by, hash
        """;

    public Task<AuditAppended> AppendAsync(Guid practiceId, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // First, so that the same events in another call are either seen below or wait here.
                await trail.LockAsync(connection, transaction, practiceId, token);
                var known = (await connection.QueryAsync<AuditRow>(new CommandDefinition(
                    $"select {RowColumns} from audit_events where practice_id = @practiceId and event_id in @ids",
                    new { practiceId, ids = entries.Select(entry => entry.EventId.ToString()) },
                    transaction,
                    cancellationToken: token))).ToDictionary(row => row.EventId);
                var conflicting = entries
                    .Where(entry => known.TryGetValue(entry.EventId.ToString(), out var row)
                        && !entry.ToRow(practiceId, row.SequenceNumber, entry.OccurredAt).SaysTheSameAs(row))
                    .Select(entry => entry.EventId)
                    .ToList();
                if (conflicting.Count > 0)
                {
                    return new AuditAppended(0, 0, conflicting);
                }

                var missing = entries.Where(entry => !known.ContainsKey(entry.EventId.ToString())).ToList();
                await trail.AppendAsync(connection, transaction, practiceId, missing, token);
                return new AuditAppended(missing.Count, entries.Count - missing.Count, []);
            },
            cancellationToken);

    public Task<IReadOnlyList<AuditEventResponse>> ListAsync(
        Guid practiceId, AuditFilter filter, AuditCursor? after, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<AuditEventResponse>>(
            async (connection, token) =>
            {
                var (where, parameters) = Matching(practiceId, filter, after);
                parameters.Add("limit", limit);
                var rows = await connection.QueryAsync<AuditEventResponse>(new CommandDefinition(
                    $"""
                    select sequence_number, event_id, occurred_at, recorded_at, user_id, role, action, record_type, record_id, outcome,
                           correlation_id, recorded_by, hash
                    from audit_events
                    where {where}
                    order by occurred_at desc, sequence_number desc
                    limit @limit
                    """,
                    parameters,
                    cancellationToken: token));
                return [.. rows];
            },
            cancellationToken);

    // One transaction, for its one view of rows, head and anchor.
    public Task<AuditPage> ReadPageAsync(Guid practiceId, long afterSequenceNumber, int limit, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                var anchor = await ReadPlaceAsync(connection, transaction, "audit_anchors", practiceId, token);
                var head = await ReadPlaceAsync(connection, transaction, "audit_heads", practiceId, token);
                var rows = await connection.QueryAsync<AuditRow>(new CommandDefinition(
                    $"""
                    select {RowColumns}
                    from audit_events
                    where practice_id = @practiceId and sequence_number > @after
                    order by sequence_number
                    limit @limit
                    """,
                    new { practiceId, after = Math.Max(afterSequenceNumber, anchor.SequenceNumber), limit },
                    transaction,
                    cancellationToken: token));
                return new AuditPage(anchor, head, [.. rows]);
            },
            cancellationToken);

    public Task<IReadOnlyList<Guid>> FindPracticesAsync(CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<Guid>>(
            async (connection, token) =>
                [.. await connection.QueryAsync<Guid>(new CommandDefinition("select practice_id from audit_heads", cancellationToken: token))],
            cancellationToken);

    public Task<AuditPlace?> FindLastBeforeAsync(Guid practiceId, DateTimeOffset recordedBefore, CancellationToken cancellationToken) =>
        database.RunAsync<AuditPlace?>(
            async (connection, token) =>
            {
                var firstKept = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
                    """
                    select sequence_number
                    from audit_events
                    where practice_id = @practiceId and recorded_at >= @recordedBefore
                    order by sequence_number
                    limit 1
                    """,
                    new { practiceId, recordedBefore },
                    cancellationToken: token));

                // Asks for the time again: when nothing was to be kept above, something may have been recorded since.
                return await connection.QuerySingleOrDefaultAsync<AuditPlace>(new CommandDefinition(
                    """
                    select sequence_number, hash
                    from audit_events
                    where practice_id = @practiceId and sequence_number < @firstKept and recorded_at < @recordedBefore
                    order by sequence_number desc
                    limit 1
                    """,
                    new { practiceId, recordedBefore, firstKept = firstKept ?? long.MaxValue },
                    cancellationToken: token));
            },
            cancellationToken);

    public Task<bool> TryMoveAnchorAsync(Guid practiceId, AuditPlace anchor, AuditEntry entry, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // First, so that of two replicas the second sees what the first did.
                await trail.LockAsync(connection, transaction, practiceId, token);
                if ((await ReadPlaceAsync(connection, transaction, "audit_anchors", practiceId, token)).SequenceNumber >= anchor.SequenceNumber)
                {
                    return false;
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into audit_anchors (practice_id, sequence_number, hash, removed_at)
                    values (@practiceId, @SequenceNumber, @Hash, @OccurredAt)
                    on duplicate key update sequence_number = @SequenceNumber, hash = @Hash, removed_at = @OccurredAt
                    """,
                    new { practiceId, anchor.SequenceNumber, anchor.Hash, entry.OccurredAt },
                    transaction,
                    cancellationToken: token));
                await trail.AppendAsync(connection, transaction, practiceId, entry, token);
                return true;
            },
            cancellationToken);

    public Task<int> DeleteUpToAnchorAsync(Guid practiceId, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var anchor = await ReadPlaceAsync(connection, null, "audit_anchors", practiceId, token);
                return await connection.ExecuteAsync(new CommandDefinition(
                    """
                    delete from audit_events
                    where practice_id = @practiceId and sequence_number <= @SequenceNumber
                    order by sequence_number
                    limit @limit
                    """,
                    new { practiceId, anchor.SequenceNumber, limit },
                    cancellationToken: token));
            },
            cancellationToken);

    private static async Task<AuditPlace> ReadPlaceAsync(
        DbConnection connection, DbTransaction? transaction, string table, Guid practiceId, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<AuditPlace>(new CommandDefinition(
            $"select sequence_number, hash from {table} where practice_id = @practiceId",
            new { practiceId },
            transaction,
            cancellationToken: cancellationToken)) ?? AuditPlace.Beginning;

    private static (string Where, DynamicParameters Parameters) Matching(Guid practiceId, AuditFilter filter, AuditCursor? after)
    {
        var parameters = new DynamicParameters();
        var where = "practice_id = @practiceId";
        parameters.Add("practiceId", practiceId);
        Add(filter.From, "from", "occurred_at >= @from");
        Add(filter.Before, "before", "occurred_at < @before");
        Add(filter.UserId, "userId", "user_id = @userId");
        Add(filter.Action, "action", "action = @action");
        Add(filter.RecordType, "recordType", "record_type = @recordType");
        Add(filter.RecordId, "recordId", "record_id = @recordId");
        Add(filter.Outcome, "outcome", "outcome = @outcome");
        Add(after?.OccurredAt, "afterTime", "occurred_at <= @afterTime");
        Add(after?.SequenceNumber, "afterNumber", "(occurred_at < @afterTime or sequence_number < @afterNumber)");
        return (where, parameters);

        void Add(object? value, string name, string condition)
        {
            if (value is not null)
            {
                parameters.Add(name, value);
                where += $" and {condition}";
            }
        }
    }
}
