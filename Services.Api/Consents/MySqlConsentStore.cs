using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Http;
using Dapper;

namespace AiPlatform.Services.Api.Consents;

internal sealed class MySqlConsentStore(Database database, CreateOnce creates, AuditTrail audit) : IConsentStore
{
    private const string Columns = "id, client_id, kind, status, occurred_at, recorded_at, recorded_by, recorded_by_role";

    public async Task<(ConsentEntry Entry, bool Created)> AddAsync(
        Guid practiceId, WriteKey key, ConsentEntry entry, AuditEntry audited, CancellationToken cancellationToken)
    {
        var (id, created) = await creates.RunAsync(
            practiceId, key, entry.Id, entry.RecordedAt,
            async (connection, transaction, token) =>
            {
                await SettleAsync(connection, transaction, practiceId, entry, token);
                await connection.ExecuteAsync(new CommandDefinition(
                    $"""
                    insert into consent_entries (practice_id, {Columns})
                    values (@practiceId, @Id, @ClientId, @Kind, @Status, @OccurredAt, @RecordedAt, @RecordedBy, @RecordedByRole)
                    """,
                    WithPractice(practiceId, entry),
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);
        var stored = await database.RunAsync(
            (connection, token) => connection.QuerySingleAsync<ConsentEntry>(new CommandDefinition(
                $"select {Columns} from consent_entries where id = @id and practice_id = @practiceId",
                new { practiceId, id },
                cancellationToken: token)),
            cancellationToken);
        return (stored, created);
    }

    public Task<(IReadOnlyList<ConsentEntry> Entries, string Recording)> ListAsync(
        Guid practiceId, Guid clientId, TimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        var place = after is null ? "" : "and occurred_at <= @afterTime and (occurred_at < @afterTime or id < @afterId)";
        return database.RunAsync<(IReadOnlyList<ConsentEntry>, string)>(
            async (connection, token) =>
            {
                var entries = await connection.QueryAsync<ConsentEntry>(new CommandDefinition(
                    $"""
                    select {Columns}
                    from consent_entries
                    where practice_id = @practiceId and client_id = @clientId {place}
                    order by occurred_at desc, id desc
                    limit @limit
                    """,
                    new { practiceId, clientId, limit, afterTime = after?.Time, afterId = after?.Id },
                    cancellationToken: token));
                var recording = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                    "select status from consents where practice_id = @practiceId and client_id = @clientId and kind = @kind",
                    new { practiceId, clientId, kind = ConsentKinds.Recording },
                    cancellationToken: token));
                return ([.. entries], recording ?? ConsentStatus.None);
            },
            cancellationToken);
    }

    // The first statement takes the row's lock whether it was there or not: of a withdrawal and an import at the same moment one comes first.
    private static async Task SettleAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, ConsentEntry entry, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into consents (practice_id, client_id, kind, status, occurred_at)
            values (@practiceId, @ClientId, @Kind, @Status, @OccurredAt)
            on duplicate key update kind = kind
            """,
            WithPractice(practiceId, entry),
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update consents set status = @Status, occurred_at = @OccurredAt
            where practice_id = @practiceId and client_id = @ClientId and kind = @Kind and occurred_at <= @OccurredAt
            """,
            WithPractice(practiceId, entry),
            transaction,
            cancellationToken: cancellationToken));
    }

    private static object WithPractice(Guid practiceId, ConsentEntry entry) => new
    {
        practiceId,
        entry.Id,
        entry.ClientId,
        entry.Kind,
        entry.Status,
        entry.OccurredAt,
        entry.RecordedAt,
        entry.RecordedBy,
        entry.RecordedByRole,
    };
}
