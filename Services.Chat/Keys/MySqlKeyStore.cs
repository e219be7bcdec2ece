using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Audit;
using Dapper;

namespace AiPlatform.Services.Chat.Keys;

internal sealed class MySqlKeyStore(Database database, CreateOnce creates) : IKeyStore
{
    public Task<(Guid Id, bool Created)> AddAsync(Guid practiceId, WriteKey writeKey, VirtualKey key, AuditEvent audited, CancellationToken cancellationToken) =>
        creates.RunAsync(
            practiceId, writeKey, key.Id, key.CreatedAt,
            async (connection, transaction, token) =>
            {
                // Two creates at the same moment may both see the last free place; one key too many harms nobody.
                var held = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                    "select count(*) from virtual_keys where practice_id = @practiceId and revoked_at is null",
                    new { practiceId },
                    transaction,
                    cancellationToken: token));

                if (held >= KeyRules.MaxPerPractice)
                {
                    throw new DomainException(DomainErrorKind.Conflict, "key.too_many", $"A practice has at most {KeyRules.MaxPerPractice} keys; revoke one that is not needed.");
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into virtual_keys
                        (id, practice_id, user_id, role, name, hint, secret_hash, scopes, models, requests_per_minute, tokens_per_minute, concurrency,
                         expires_at, created_at, version, changed_at)
                    values
                        (@Id, @PracticeId, @UserId, @Role, @Name, @Hint, @SecretHash, @Scopes, @Models, @RequestsPerMinute, @TokensPerMinute, @Concurrency,
                         @ExpiresAt, @CreatedAt, @Version, utc_timestamp(6))
                    """,
                    KeyRow.From(practiceId, key),
                    transaction,
                    cancellationToken: token));
                await AuditOutbox.AppendAsync(connection, transaction, practiceId, audited, token);
            },
            cancellationToken);

    public Task<VirtualKey?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => FindAsync(connection, null, practiceId, id, token), cancellationToken);

    public Task<IReadOnlyList<VirtualKey>> ListAsync(Guid practiceId, Guid? before, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<VirtualKey>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<KeyRow>(new CommandDefinition(
                    $"""
                    select {KeyRow.Columns}
                    from virtual_keys
                    where practice_id = @practiceId {(before is null ? "" : "and id < @before")}
                    order by id desc
                    limit @limit
                    """,
                    new { practiceId, before, limit },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToKey())];
            },
            cancellationToken);

    public Task<VirtualKey?> ChangeAsync(Guid practiceId, Guid id, Func<VirtualKey, VirtualKey> change, AuditEvent audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (await FindAsync(connection, transaction, practiceId, id, token) is not { } found)
                {
                    return null;
                }

                var changed = change(found);

                if (ReferenceEquals(changed, found))
                {
                    return found;
                }

                changed = changed with { Version = found.Version + 1 };
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update virtual_keys
                    set name = @Name, hint = @Hint, secret_hash = @SecretHash, previous_hash = @PreviousHash, previous_until = @PreviousUntil, scopes = @Scopes,
                        models = @Models, requests_per_minute = @RequestsPerMinute, tokens_per_minute = @TokensPerMinute, concurrency = @Concurrency,
                        expires_at = @ExpiresAt, rotated_at = @RotatedAt, revoked_at = @RevokedAt, version = @Version, changed_at = utc_timestamp(6)
                    where practice_id = @PracticeId and id = @Id
                    """,
                    KeyRow.From(practiceId, changed),
                    transaction,
                    cancellationToken: token));
                await AuditOutbox.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);

    public Task<VirtualKey?> FindBySecretAsync(string hash, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QueryFirstOrDefaultAsync<KeyRow>(new CommandDefinition(
                    $"""
                    select {KeyRow.Columns} from virtual_keys where secret_hash = @hash
                    union all
                    select {KeyRow.Columns} from virtual_keys where previous_hash = @hash
                    """,
                    new { hash },
                    cancellationToken: token));
                return row?.ToKey();
            },
            cancellationToken);

    public Task<IReadOnlyList<KeyMaker>> ListMakersAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<KeyMaker>>(
            async (connection, token) => [.. (await connection.QueryAsync<(Guid PracticeId, Guid UserId)>(new CommandDefinition(
                "select distinct practice_id, user_id from virtual_keys where revoked_at is null and (expires_at is null or expires_at > @now)",
                new { now },
                cancellationToken: token))).Select(row => new KeyMaker(row.PracticeId, row.UserId))],
            cancellationToken);

    public Task<IReadOnlyList<Guid>> ListOfMakerAsync(Guid practiceId, Guid userId, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<Guid>>(
            async (connection, token) => [.. await connection.QueryAsync<Guid>(new CommandDefinition(
                "select id from virtual_keys where practice_id = @practiceId and user_id = @userId and revoked_at is null",
                new { practiceId, userId },
                cancellationToken: token))],
            cancellationToken);

    public Task<IReadOnlyList<KeyVersion>> ListChangedAsync(TimeSpan within, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<KeyVersion>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<ChangedRow>(new CommandDefinition(
                    "select id as Id, version as Version from virtual_keys where changed_at > utc_timestamp(6) - interval @seconds second",
                    new { seconds = (int)within.TotalSeconds },
                    cancellationToken: token));
                return [.. rows.Select(row => new KeyVersion(row.Id, row.Version))];
            },
            cancellationToken);

    // With the transaction it takes the row's lock: two changes at the same moment would both start from the same version.
    private static async Task<VirtualKey?> FindAsync(
        DbConnection connection, DbTransaction? transaction, Guid practiceId, Guid id, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<KeyRow>(new CommandDefinition(
            $"select {KeyRow.Columns} from virtual_keys where practice_id = @practiceId and id = @id {(transaction is null ? "" : "for update")}",
            new { practiceId, id },
            transaction,
            cancellationToken: cancellationToken));
        return row?.ToKey();
    }

    private sealed record ChangedRow
    {
        public Guid Id { get; init; }

        public int Version { get; init; }
    }
}
