using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.Identity;

internal sealed class MySqlSigningKeyStore(Database database) : ISigningKeyStore
{
    public Task<IReadOnlyList<SigningKeyPair>> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<SigningKeyPair>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    """
                    select kid, private_key, created_at, active_slot, verifies_until
                    from signing_keys
                    where active_slot = 1 or verifies_until > @now
                    order by created_at desc
                    """,
                    new { now },
                    cancellationToken: token));
                return [.. rows.Select(row => new SigningKeyPair(row.Kid, row.PrivateKey, row.CreatedAt, row.ActiveSlot is 1, row.VerifiesUntil))];
            },
            cancellationToken);

    public async Task<bool> TryAddAsync(SigningKeyPair key, CancellationToken cancellationToken)
    {
        try
        {
            await database.RunAsync((connection, token) => InsertAsync(connection, null, key, token), cancellationToken);
            return true;
        }
        catch (DbException exception) when (exception.IsDuplicateKey())
        {
            return false;
        }
    }

    public Task<bool> TryRotateAsync(string kid, DateTimeOffset verifiesUntil, SigningKeyPair next, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // The row lock of this update makes a second replica wait, and then find the key retired.
                var retired = await connection.ExecuteAsync(new CommandDefinition(
                    "update signing_keys set active_slot = null, verifies_until = @verifiesUntil where kid = @kid and active_slot = 1",
                    new { kid, verifiesUntil },
                    transaction,
                    cancellationToken: token));
                if (retired == 0)
                {
                    return false;
                }

                await InsertAsync(connection, transaction, next, token);
                return true;
            },
            cancellationToken);

    private static Task<int> InsertAsync(DbConnection connection, DbTransaction? transaction, SigningKeyPair key, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into signing_keys (kid, private_key, created_at, active_slot) values (@Kid, @PrivateKey, @CreatedAt, 1)",
            new { key.Kid, key.PrivateKey, key.CreatedAt },
            transaction,
            cancellationToken: cancellationToken));

    private sealed record Row(string Kid, string PrivateKey, DateTimeOffset CreatedAt, int? ActiveSlot, DateTimeOffset? VerifiesUntil);
}
