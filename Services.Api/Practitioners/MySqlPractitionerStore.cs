using System.Data.Common;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using Dapper;

namespace AiPlatform.Services.Api.Practitioners;

internal sealed class MySqlPractitionerStore(Database database, CreateOnce creates, AuditTrail audit) : IPractitionerStore
{
    private const string Columns = "id, practice_id, name, title, email, phone, specialities, active, session_fee_minor, version";

    public async Task<IReadOnlyList<Practitioner>> ListAsync(Guid practiceId, PractitionerFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Ids is { Count: 0 })
        {
            return [];
        }

        var (than, order) = filter.Descending ? ("<", "desc") : (">", "asc");
        var active = filter.Active is null ? "" : "and active = @Active";
        var ids = filter.Ids is null ? "" : "and id in @ids";
        var place = filter.After is null ? "" : $"and name {than}= @Name and (name {than} @Name or id {than} @Id)";
        return await database.RunAsync<IReadOnlyList<Practitioner>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    $"""
                    select {Columns}
                    from practitioners
                    where practice_id = @practiceId {active} {ids} {place}
                    order by name {order}, id {order}
                    limit @Limit
                    """,
                    new { practiceId, filter.Active, ids = filter.Ids?.Select(id => id.ToString()), filter.After?.Name, filter.After?.Id, filter.Limit },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToPractitioner())];
            },
            cancellationToken);
    }

    public Task<Practitioner?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => FindAsync(connection, null, practiceId, id, token), cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, string>();
        }

        return await database.RunAsync(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid Id, string Name)>(new CommandDefinition(
                    "select id, name from practitioners where practice_id = @practiceId and id in @ids",
                    new { practiceId, ids = ids.Distinct().Select(id => id.ToString()) },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.Id, row => row.Name);
            },
            cancellationToken);
    }

    public Task<(int Active, int Inactive)> CountAsync(Guid practiceId, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var rows = (await connection.QueryAsync<(bool Active, long Count)>(new CommandDefinition(
                    "select active, count(*) from practitioners where practice_id = @practiceId group by active",
                    new { practiceId },
                    cancellationToken: token))).ToLookup(row => row.Active, row => (int)row.Count);
                return (rows[true].Sum(), rows[false].Sum());
            },
            cancellationToken);

    public Task<(Guid Id, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, Practitioner practitioner, AuditEntry audited, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(Row.From(practiceId, practitioner));
        parameters.Add("now", audited.OccurredAt);
        return creates.RunAsync(
            practiceId, key, practitioner.Id, audited.OccurredAt,
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into practitioners
                        (id, practice_id, name, title, email, phone, specialities, active, session_fee_minor, version, created_at)
                    values (@Id, @PracticeId, @Name, @Title, @Email, @Phone, @Specialities, @Active, @SessionFeeMinor, @Version, @now)
                    """,
                    parameters,
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);
    }

    public Task<Practitioner?> ChangeAsync(
        Guid practiceId, Guid id, Func<Practitioner, Practitioner> change, AuditEntry audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (await FindAsync(connection, transaction, practiceId, id, token) is not { } found)
                {
                    return null;
                }

                var changed = change(found) with { Version = found.Version + 1 };
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update practitioners
                    set name = @Name, title = @Title, email = @Email, phone = @Phone, specialities = @Specialities, active = @Active,
                        session_fee_minor = @SessionFeeMinor, version = @Version
                    where id = @Id and practice_id = @PracticeId
                    """,
                    Row.From(practiceId, changed),
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);

    // Within a transaction the row is held until its end.
    private static async Task<Practitioner?> FindAsync(
        DbConnection connection, DbTransaction? transaction, Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from practitioners where id = @id and practice_id = @practiceId {(transaction is null ? "" : "for update")}",
            new { practiceId, id },
            transaction,
            cancellationToken: cancellationToken)))?.ToPractitioner();

    private sealed record Row(
        Guid Id, Guid PracticeId, string Name, string Title, string Email, string Phone, string Specialities, bool Active, int? SessionFeeMinor,
        int Version)
    {
        public static Row From(Guid practiceId, Practitioner from) =>
            new(from.Id, practiceId, from.Name, from.Title, from.Email, from.Phone,
                JsonSerializer.Serialize(from.Specialities, PractitionerJsonContext.Default.IReadOnlyListString), from.Active, from.SessionFeeMinor,
                from.Version);

        public Practitioner ToPractitioner() =>
            new(Id, Name, Title, Email, Phone,
                JsonSerializer.Deserialize(Specialities, PractitionerJsonContext.Default.IReadOnlyListString) ?? [], Active, SessionFeeMinor, Version);
    }
}
