using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using Dapper;

namespace AiPlatform.Services.Api.Clients.Care;

internal sealed class MySqlCareRelationStore(Database database, CreateOnce creates, AuditTrail audit) : ICareRelationStore
{
    public Task<CareRelation?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { practiceId, id });
        scope.AddTo(parameters);
        return database.RunAsync<CareRelation?>(
            (connection, token) => connection.QuerySingleOrDefaultAsync<CareRelation>(new CommandDefinition(
                $"""
                select {CareRelationRows.Columns}
                from care_relations r
                where r.id = @id and r.practice_id = @practiceId and {scope.Condition("r.client_id")}
                """,
                parameters,
                cancellationToken: token)),
            cancellationToken);
    }

    public Task<IReadOnlyList<CareRelation>> ListAsync(
        Guid practiceId, Guid clientId, CareFilter filter, CancellationToken cancellationToken)
    {
        var status = filter.Status switch
        {
            CareStatus.Upcoming => "and started_on > @Today and (ended_on is null or ended_on > started_on)",
            CareStatus.Current => "and started_on <= @Today and (ended_on is null or ended_on > @Today)",
            CareStatus.Past => "and (ended_on <= @Today or ended_on <= started_on)",
            _ => "",
        };
        var place = filter.After is null ? "" : "and started_on <= @afterDay and (started_on < @afterDay or id < @afterId)";
        return database.RunAsync<IReadOnlyList<CareRelation>>(
            async (connection, token) => [.. await connection.QueryAsync<CareRelation>(new CommandDefinition(
                $"""
                select {CareRelationRows.Columns}
                from care_relations
                where practice_id = @practiceId and client_id = @clientId {status} {place}
                order by started_on desc, id desc
                limit @Limit
                """,
                new
                {
                    practiceId,
                    clientId,
                    filter.Today,
                    filter.Limit,
                    afterDay = filter.After is { } after ? DateOnly.FromDateTime(after.Time.UtcDateTime) : (DateOnly?)null,
                    afterId = filter.After?.Id,
                },
                cancellationToken: token))],
            cancellationToken);
    }

    public Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, CareRelation relation, DateOnly today, AuditEntry audited, CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, key, relation.Id, relation.CreatedAt,
            async (connection, transaction, token) =>
            {
                var main = await CareRelationRows.LockClientAsync(connection, transaction, practiceId, relation.ClientId, token);
                await CareRelationRows.EnsureFitsAsync(connection, transaction, practiceId, main, relation, today, token);
                await CareRelationRows.InsertAsync(connection, transaction, practiceId, relation, token);
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);

    public Task<CareRelation> ChangeAsync(
        Guid practiceId, CareRelation known, Func<CareRelation, CareRelation> change, DateOnly today, AuditEntry audited,
        CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // The client first, as everybody who changes who treats them does.
                var main = await CareRelationRows.LockClientAsync(connection, transaction, practiceId, known.ClientId, token);
                var found = await connection.QuerySingleAsync<CareRelation>(new CommandDefinition(
                    $"select {CareRelationRows.Columns} from care_relations where id = @Id and practice_id = @practiceId for update",
                    new { practiceId, known.Id },
                    transaction,
                    cancellationToken: token));
                var changed = change(found) with { Version = found.Version + 1 };
                await CareRelationRows.EnsureFitsAsync(connection, transaction, practiceId, main, changed, today, token);
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update care_relations
                    set started_on = @StartedOn, ended_on = @EndedOn, version = @Version
                    where id = @Id and practice_id = @practiceId
                    """,
                    new { practiceId, changed.Id, changed.StartedOn, changed.EndedOn, changed.Version },
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);
}
