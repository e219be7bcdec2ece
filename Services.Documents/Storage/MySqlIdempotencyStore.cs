using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Documents.Storage;

internal sealed class MySqlIdempotencyStore(Database database, TimeProvider timeProvider) : IIdempotencyStore
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public Task<ClaimResult> ClaimAsync(
        Guid practiceId, Guid userId, string key, string requestHash, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claim = new IdempotencyClaim(practiceId, userId, key, Guid.CreateVersion7());
        var now = timeProvider.GetUtcNow();
        var parameters = new { practiceId, userId, key, requestHash, claim.LeaseId, now, leasedUntil = now + lease, tooOld = now - Kept };

        return database.RunAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "delete from idempotency_keys where created_at < @tooOld limit 100", parameters, cancellationToken: token));

                // Added or taken over or someone else's; a row given back between the two statements is one more try.
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    if (await TryAddAsync(connection, parameters, token))
                    {
                        return new ClaimResult(ClaimState.Claimed, claim);
                    }

                    var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                        """
                        select request_hash as RequestHash, leased_until as LeasedUntil, document_id as DocumentId, version as Version
                        from idempotency_keys
                        where practice_id = @practiceId and user_id = @userId and request_key = @key
                        """,
                        parameters,
                        cancellationToken: token));

                    if (row is not null)
                    {
                        return await JudgeAsync(connection, row, claim, requestHash, parameters, token);
                    }
                }

                return new ClaimResult(ClaimState.Busy);
            },
            cancellationToken);
    }

    public Task ReleaseAsync(IdempotencyClaim claim, CancellationToken cancellationToken) =>
        database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(
                """
                delete from idempotency_keys
                where practice_id = @PracticeId and user_id = @UserId and request_key = @Key and lease_id = @LeaseId and document_id is null
                """,
                claim,
                cancellationToken: token)),
            cancellationToken);

    /// <summary>Writes the outcome beside the claim, in the transaction that stores it.</summary>
    /// <returns><see langword="false"/> when the lease ran out and another request took the key over.</returns>
    public static async Task<bool> SettleAsync(
        DbConnection connection, DbTransaction transaction, IdempotencyClaim claim, Guid documentId, int version, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update idempotency_keys set document_id = @documentId, version = @version
            where practice_id = @PracticeId and user_id = @UserId and request_key = @Key and lease_id = @LeaseId and document_id is null
            """,
            new { claim.PracticeId, claim.UserId, claim.Key, claim.LeaseId, documentId, version },
            transaction,
            cancellationToken: cancellationToken)) == 1;

    private static async Task<bool> TryAddAsync(DbConnection connection, object parameters, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into idempotency_keys (practice_id, user_id, request_key, request_hash, lease_id, leased_until, created_at)
                values (@practiceId, @userId, @key, @requestHash, @LeaseId, @leasedUntil, @now)
                """,
                parameters,
                cancellationToken: cancellationToken));
            return true;
        }
        catch (DbException exception) when (exception.IsDuplicateKey())
        {
            return false;
        }
    }

    private async Task<ClaimResult> JudgeAsync(
        DbConnection connection, Row row, IdempotencyClaim claim, string requestHash, object parameters, CancellationToken cancellationToken)
    {
        if (row.RequestHash != requestHash)
        {
            return new(ClaimState.Reused);
        }

        if (row.DocumentId is not null)
        {
            return new(ClaimState.Done, DocumentId: row.DocumentId, Version: row.Version);
        }

        if (row.LeasedUntil > timeProvider.GetUtcNow())
        {
            return new(ClaimState.Busy);
        }

        // Whoever held it is gone. Of several that see this, the first one's update wins.
        var taken = await connection.ExecuteAsync(new CommandDefinition(
            """
            update idempotency_keys set lease_id = @LeaseId, leased_until = @leasedUntil
            where practice_id = @practiceId and user_id = @userId and request_key = @key and document_id is null and leased_until <= @now
            """,
            parameters,
            cancellationToken: cancellationToken));
        return taken == 1 ? new(ClaimState.Claimed, claim) : new(ClaimState.Busy);
    }

    private sealed record Row
    {
        public string RequestHash { get; init; } = "";

        public DateTimeOffset LeasedUntil { get; init; }

        public Guid? DocumentId { get; init; }

        public int? Version { get; init; }
    }
}
