using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using Dapper;

namespace AiPlatform.Services.Api.Identity;

internal sealed class MySqlRefreshTokenStore(Database database, AuditTrail trail) : IRefreshTokenStore
{
    public Task AddAsync(
        Guid practiceId, Guid userId, Guid signInId, string tokenHash, DateTimeOffset now, DateTimeOffset expiresAt, AuditEntry audit,
        CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await DeleteExpiredAsync(connection, transaction, now, token);
                await InsertAsync(connection, transaction, signInId, userId, tokenHash, now, expiresAt, token);
                await trail.AppendAsync(connection, transaction, practiceId, audit, token);
            },
            cancellationToken);

    public Task<(User User, Guid SignInId)?> RotateAsync(
        string tokenHash, string nextHash, DateTimeOffset now, DateTimeOffset expiresAt, string correlationId,
        CancellationToken cancellationToken) =>
        database.RunInTransactionAsync<(User User, Guid SignInId)?>(
            async (connection, transaction, token) =>
            {
                // Locked, so that of two callers with the same token the second sees it used.
                var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                    """
                    select t.family_id, t.expires_at, t.used_at, t.revoked_at,
                           u.id as user_id, u.practice_id, u.email, u.role, u.display_name, u.profile_id, u.client_id, u.customer_id
                    from refresh_tokens t
                    join users u on u.id = t.user_id and u.active = 1
                    where t.token_hash = @tokenHash
                    for update
                    """,
                    new { tokenHash },
                    transaction,
                    cancellationToken: token));
                if (row is null || row.RevokedAt is not null || row.ExpiresAt <= now)
                {
                    return null;
                }

                if (row.UsedAt is not null)
                {
                    await RevokeAsync(connection, transaction, row.UserId, row.FamilyId, now, token);
                    await trail.AppendAsync(connection, transaction, row.PracticeId, row.Reused(now, correlationId), token);
                    return null;
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    "update refresh_tokens set used_at = @now where token_hash = @tokenHash",
                    new { tokenHash, now },
                    transaction,
                    cancellationToken: token));
                await InsertAsync(connection, transaction, row.FamilyId, row.UserId, nextHash, now, expiresAt, token);
                return (row.ToUser(), row.FamilyId);
            },
            cancellationToken);

    public Task RevokeAsync(
        Guid practiceId, Guid userId, Guid signInId, DateTimeOffset now, AuditEntry audit, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                if (await RevokeAsync(connection, transaction, userId, signInId, now, token) > 0)
                {
                    await trail.AppendAsync(connection, transaction, practiceId, audit, token);
                }
            },
            cancellationToken);

    private static Task<int> RevokeAsync(
        DbConnection connection, DbTransaction transaction, Guid userId, Guid familyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "update refresh_tokens set revoked_at = @now where family_id = @familyId and user_id = @userId and revoked_at is null",
            new { familyId, userId, now },
            transaction,
            cancellationToken: cancellationToken));

    private static Task<int> InsertAsync(
        DbConnection connection, DbTransaction transaction, Guid familyId, Guid userId, string tokenHash,
        DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into refresh_tokens (id, family_id, user_id, token_hash, issued_at, expires_at)
            values (@id, @familyId, @userId, @tokenHash, @now, @expiresAt)
            """,
            new { id = Guid.CreateVersion7(), familyId, userId, tokenHash, now, expiresAt },
            transaction,
            cancellationToken: cancellationToken));

    // Bounded, so that a sign-in never pays for a long absence of sign-ins.
    private static Task<int> DeleteExpiredAsync(
        DbConnection connection, DbTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "delete from refresh_tokens where expires_at < @now limit 20",
            new { now },
            transaction,
            cancellationToken: cancellationToken));

    private sealed record Row(
        Guid FamilyId, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, DateTimeOffset? RevokedAt,
        Guid UserId, Guid PracticeId, string Email, string Role, string DisplayName,
        Guid? ProfileId, Guid? ClientId, string? CustomerId)
    {
        public AuditEntry Reused(DateTimeOffset now, string correlationId) => AuditEntry.By(
            UserId, Enum.Parse<UserRole>(Role, ignoreCase: true), AuditActions.RefreshReused, AuditRecords.User, UserId, now,
            AuditOutcomes.Refused, correlationId);

        public User ToUser() =>
            new(UserId, PracticeId, Email, Enum.Parse<UserRole>(Role, ignoreCase: true), DisplayName, ProfileId, ClientId, CustomerId);
    }
}
