using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using Dapper;

namespace AiPlatform.ServiceDefaults.Writes;

/// <summary>
/// Creates a row once for each key of a user. The key is stored in the transaction of the row, so there is never one without the other;
/// a twin waits for that transaction and gets the id of its row. A refused create leaves no key behind.
/// </summary>
public sealed class CreateOnce(Database database)
{
    /// <param name="id">Of the row that <paramref name="insert"/> makes.</param>
    /// <param name="insert">Checks and inserts; it may run again from its start, and touches nothing but its connection.</param>
    /// <returns>The id of the row of this key, and whether this call made it.</returns>
    /// <exception cref="DomainException">The key came with another request before.</exception>
    public async Task<(Guid Id, bool Created)> RunAsync(
        Guid practiceId, WriteKey key, Guid id, DateTimeOffset now,
        Func<DbConnection, DbTransaction, CancellationToken, Task> insert, CancellationToken cancellationToken)
    {
        var earlier = await database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (!await TryTakeAsync(connection, transaction, practiceId, key, id, now, token))
                {
                    return await FindAsync(connection, transaction, practiceId, key, token);
                }

                await insert(connection, transaction, token);
                return null;
            },
            cancellationToken);
        return earlier switch
        {
            null => (id, true),
            _ when earlier.RequestHash == key.RequestHash => (earlier.ResourceId, false),

            // 409 as everywhere in the platform: the chat's ledger of writes takes this code for a write in doubt.
            _ => throw new DomainException(DomainErrorKind.Conflict, "idempotency.key_reused", "This Idempotency-Key was used for another request."),
        };
    }

    private static async Task<bool> TryTakeAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, WriteKey key, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into idempotency_keys (practice_id, user_id, idempotency_key, request_hash, resource_id, created_at)
                values (@practiceId, @UserId, @Key, @RequestHash, @id, @now)
                """,
                new { practiceId, key.UserId, key.Key, key.RequestHash, id, now },
                transaction,
                cancellationToken: cancellationToken));
            return true;
        }
        catch (DbException exception) when (exception.IsDuplicateKey())
        {
            return false;
        }
    }

    private static Task<StoredKey?> FindAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, WriteKey key, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<StoredKey?>(new CommandDefinition(
            """
            select request_hash, resource_id
            from idempotency_keys
            where practice_id = @practiceId and user_id = @UserId and idempotency_key = @Key
            """,
            new { practiceId, key.UserId, key.Key },
            transaction,
            cancellationToken: cancellationToken));

    private sealed record StoredKey(string RequestHash, Guid ResourceId);
}
