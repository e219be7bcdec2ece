using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Http;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal sealed class MySqlClinicalSessionStore(Database database, CreateOnce creates, AuditTrail audit) : IClinicalSessionStore
{
    private const string Columns =
        """
        s.id, s.client_id, s.practitioner_id, s.title, s.started_at, s.duration_seconds, s.total_segments, s.average_confidence, s.status,
        s.transcript_expired_at, s.version
        """;

    public Task<ClinicalSession?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => FindAsync(connection, null, practiceId, scope, id, token), cancellationToken);

    public Task<NamedSession?> FindNamedAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
                (await SelectAsync(connection, SessionQuery.Of(practiceId, new() { Scope = scope, Id = id, Limit = 1 }), token)).SingleOrDefault(),
            cancellationToken);

    public async Task<IReadOnlyList<ClinicalSession>> FindAllAsync(
        Guid practiceId, ClientScope scope, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var parameters = new DynamicParameters(new { practiceId, ids = ids.Select(id => id.ToString()) });
        scope.AddTo(parameters);
        var found = await database.RunAsync(
            async (connection, token) => (await connection.QueryAsync<ClinicalSession>(new CommandDefinition(
                $"""
                select {Columns}
                from clinical_sessions s
                where s.id in @ids and s.practice_id = @practiceId and {scope.Condition("s.client_id")}
                """,
                parameters,
                cancellationToken: token))).ToDictionary(session => session.Id),
            cancellationToken);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    public async Task<(IReadOnlyList<NamedSession> Sessions, int Total)> SearchAsync(
        Guid practiceId, SessionFilter filter, CancellationToken cancellationToken)
    {
        if (filter.ClientIds is { Count: 0 })
        {
            return ([], 0);
        }

        var matching = SessionQuery.Of(practiceId, filter);
        return await database.RunAsync<(IReadOnlyList<NamedSession>, int)>(
            async (connection, token) =>
            {
                if (matching.IsNarrow)
                {
                    return await SelectCountedAsync(connection, matching, token);
                }

                var sessions = await SelectAsync(connection, matching, token);
                var total = await connection.ExecuteScalarAsync<int>(
                    new CommandDefinition(matching.Count(), matching.Parameters, cancellationToken: token));
                return (sessions, total);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<NamedSession>> ListAsync(
        Guid practiceId, SessionFilter filter, TimeCursor? after, bool oldestFirst, CancellationToken cancellationToken) =>
        database.RunAsync(
            (connection, token) => SelectAsync(connection, SessionQuery.Of(practiceId, filter).InOrder(after, oldestFirst), token), cancellationToken);

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
                    where practice_id = @practiceId and client_id in @clientIds and status = @Held
                    group by client_id
                    """,
                    new { practiceId, clientIds = clientIds.Select(id => id.ToString()), SessionStatus.Held },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.ClientId, row => new SessionCount(row.Count, row.LastStartedAt));
            },
            cancellationToken);
    }

    public Task<(Guid Id, bool Created)> CreateAsync(
        Guid practiceId, WriteKey key, ClinicalSession session, AuditEntry audited, CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, key, session.Id, audited.OccurredAt,
            async (connection, transaction, token) =>
            {
                await ClinicalSessionRows.InsertAsync(connection, transaction, practiceId, [(session, [])], audited.OccurredAt, token);
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);

    public Task<ClinicalSession?> ChangeAsync(
        Guid practiceId, ClientScope scope, Guid id, Func<ClinicalSession, ClinicalSession> change, AuditEntry audited,
        CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (await FindAsync(connection, transaction, practiceId, scope, id, token) is not { } found)
                {
                    return null;
                }

                var changed = change(found) with { Version = found.Version + 1 };
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update clinical_sessions
                    set title = @Title, started_at = @StartedAt, duration_seconds = @DurationSeconds, status = @Status, version = @Version
                    where id = @Id and practice_id = @practiceId
                    """,
                    new { practiceId, changed.Id, changed.Title, changed.StartedAt, changed.DurationSeconds, changed.Status, changed.Version },
                    transaction,
                    cancellationToken: token));
                if (changed.Title != found.Title)
                {
                    await IndexAgainAsync(connection, transaction, practiceId, changed, token);
                }

                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);

    private static async Task<IReadOnlyList<NamedSession>> SelectAsync(
        DbConnection connection, SessionQuery query, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<ClinicalSession, string?, string?, NamedSession>(
            new CommandDefinition(query.Select(Columns, counted: false), query.Parameters, cancellationToken: cancellationToken),
            (session, clientName, practitionerName) => new(session, clientName, practitionerName),
            splitOn: "client_name, practitioner_name")];

    private static async Task<(IReadOnlyList<NamedSession> Sessions, int Total)> SelectCountedAsync(
        DbConnection connection, SessionQuery query, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<ClinicalSession, string?, string?, long, (NamedSession Session, long Total)>(
            new CommandDefinition(query.Select(Columns, counted: true), query.Parameters, cancellationToken: cancellationToken),
            (session, clientName, practitionerName, total) => (new(session, clientName, practitionerName), total),
            splitOn: "client_name, practitioner_name, total")).AsList();
        return ([.. rows.Select(row => row.Session)], (int)rows.Select(row => row.Total).FirstOrDefault());
    }

    // Within a transaction the row is held until its end.
    private static Task<ClinicalSession?> FindAsync(
        DbConnection connection, DbTransaction? transaction, Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, id });
        scope.AddTo(parameters);
        return connection.QuerySingleOrDefaultAsync<ClinicalSession?>(new CommandDefinition(
            $"""
            select {Columns}
            from clinical_sessions s
            where s.id = @id and s.practice_id = @practiceId and {scope.Condition("s.client_id")} {(transaction is null ? "" : "for update")}
            """,
            parameters,
            transaction,
            cancellationToken: cancellationToken));
    }

    // The words are those of title and transcript together.
    private static async Task IndexAgainAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, ClinicalSession session, CancellationToken cancellationToken)
    {
        var texts = await connection.QueryAsync<string>(new CommandDefinition(
            "select text from clinical_session_segments where session_id = @Id and practice_id = @practiceId order by position",
            new { practiceId, session.Id },
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "update clinical_session_words set words = @words where session_id = @Id and practice_id = @practiceId",
            new { practiceId, session.Id, words = Keywords.WordsOf(session.Title, texts) },
            transaction,
            cancellationToken: cancellationToken));
    }
}
