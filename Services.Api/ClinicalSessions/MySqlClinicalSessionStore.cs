using System.Data.Common;
using System.Globalization;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal sealed class MySqlClinicalSessionStore(Database database, AuditTrail audit) : IClinicalSessionStore
{
    private const string Columns =
        "s.id, s.client_id, s.practitioner_id, s.title, s.started_at, s.duration_seconds, s.total_segments, s.average_confidence";

    public Task<ClinicalSession?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, id });
        scope.AddTo(parameters);
        return database.RunAsync<ClinicalSession?>(
            (connection, token) => connection.QuerySingleOrDefaultAsync<ClinicalSession>(new CommandDefinition(
                $"""
                select {Columns}
                from clinical_sessions s
                where s.id = @id and s.practice_id = @practiceId and {scope.Condition("s.client_id")}
                """,
                parameters,
                cancellationToken: token)),
            cancellationToken);
    }

    public Task<IReadOnlyList<TranscriptSegment>> ReadSegmentsAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<TranscriptSegment>>(
            async (connection, token) => [.. await connection.QueryAsync<TranscriptSegment>(new CommandDefinition(
                """
                select speaker, start_ms, text
                from clinical_session_segments
                where session_id = @id and practice_id = @practiceId
                order by position
                """,
                new { practiceId, id },
                cancellationToken: token))],
            cancellationToken);

    public async Task<(IReadOnlyList<ClinicalSession> Sessions, int Total)> SearchAsync(
        Guid practiceId, SessionFilter filter, CancellationToken cancellationToken)
    {
        if (filter.ClientIds is { Count: 0 })
        {
            return ([], 0);
        }

        var (from, parameters) = Matching(practiceId, filter);
        return await database.RunAsync<(IReadOnlyList<ClinicalSession>, int)>(
            async (connection, token) =>
            {
                var sessions = await connection.QueryAsync<ClinicalSession>(new CommandDefinition(
                    $"select {Columns} {from} order by s.started_at desc, s.id desc limit @limit", parameters, cancellationToken: token));
                var total = await connection.ExecuteScalarAsync<int>(
                    new CommandDefinition($"select count(*) {from}", parameters, cancellationToken: token));
                return ([.. sessions], total);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyDictionary<Guid, SessionCount>> CountAsync(
        Guid practiceId, IReadOnlyCollection<Guid> clientIds, CancellationToken cancellationToken)
    {
        if (clientIds.Count == 0)
        {
            return new Dictionary<Guid, SessionCount>();
        }

        return await database.RunAsync(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid ClientId, int Count, DateTimeOffset LastStartedAt)>(new CommandDefinition(
                    """
                    select client_id, count(*), max(started_at)
                    from clinical_sessions
                    where practice_id = @practiceId and client_id in @clientIds
                    group by client_id
                    """,
                    new { practiceId, clientIds = clientIds.Select(id => id.ToString()) },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.ClientId, row => new SessionCount(row.Count, row.LastStartedAt));
            },
            cancellationToken);
    }

    public async Task<StoredImport> AddAsync(
        Guid practiceId, SessionImport import, ClinicalSession session, IReadOnlyList<TranscriptSegment> segments, CancellationToken cancellationToken)
    {
        try
        {
            await database.RunInTransactionAsync(
                async (connection, transaction, token) =>
                {
                    // First, so that another import with the key waits here until this one has committed.
                    await connection.ExecuteAsync(new CommandDefinition(
                        """
                        insert into session_imports (practice_id, user_id, idempotency_key, body_hash, session_id, created_at)
                        values (@practiceId, @UserId, @IdempotencyKey, @BodyHash, @sessionId, @ImportedAt)
                        """,
                        new { practiceId, import.UserId, import.IdempotencyKey, import.BodyHash, sessionId = session.Id, import.ImportedAt },
                        transaction,
                        cancellationToken: token));
                    await ClinicalSessionRows.InsertAsync(
                        connection, transaction, practiceId, [(session, segments)], import.ImportedAt, token);
                    await audit.AppendAsync(connection, transaction, practiceId, import.Audit, token);
                },
                cancellationToken);
            return new(Added: true, import.BodyHash, session.Id);
        }
        catch (DbException exception) when (exception.IsDuplicateKey())
        {
            return await database.RunAsync(
                async (connection, token) =>
                {
                    var (bodyHash, sessionId) = await connection.QuerySingleAsync<(string, Guid)>(new CommandDefinition(
                        """
                        select body_hash, session_id
                        from session_imports
                        where practice_id = @practiceId and user_id = @UserId and idempotency_key = @IdempotencyKey
                        """,
                        new { practiceId, import.UserId, import.IdempotencyKey },
                        cancellationToken: token));
                    return new StoredImport(Added: false, bodyHash, sessionId);
                },
                cancellationToken);
        }
    }

    private static (string From, DynamicParameters Parameters) Matching(Guid practiceId, SessionFilter filter)
    {
        var parameters = new DynamicParameters();
        parameters.Add("practiceId", practiceId);
        parameters.Add("limit", filter.Limit);
        filter.Scope.AddTo(parameters);
        var from = $"from clinical_sessions s where s.practice_id = @practiceId and {filter.Scope.Condition("s.client_id")}";
        if (filter.ClientIds is { } clientIds)
        {
            parameters.Add("clientIds", clientIds.Select(id => id.ToString()));
            from += " and s.client_id in @clientIds";
        }

        if (filter.From is { } earliest)
        {
            parameters.Add("earliest", earliest);
            from += " and s.started_at >= @earliest";
        }

        if (filter.Before is { } before)
        {
            parameters.Add("before", before);
            from += " and s.started_at < @before";
        }

        if (filter.Keywords.Count > 0)
        {
            // +sleep* +mother*: beginnings of words, all of them.
            parameters.Add("words", string.Join(' ', filter.Keywords.Select(word => string.Create(CultureInfo.InvariantCulture, $"+{word}*"))));
            from += """
                 and s.id in (
                    select w.session_id from clinical_session_words w
                    where match (w.words) against (@words in boolean mode) and w.practice_id = @practiceId)
                """;
        }

        return (from, parameters);
    }
}
