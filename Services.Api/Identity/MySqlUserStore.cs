using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using Dapper;

namespace AiPlatform.Services.Api.Identity;

internal sealed class MySqlUserStore(Database database) : IUserStore
{
    private static readonly UserRole[] Leading =
        [UserRole.Owner, UserRole.Admin, UserRole.Practitioner, UserRole.Reception, UserRole.Service, UserRole.Client];

    public Task<(User User, string PasswordHash)?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        database.RunAsync<(User, string)?>(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                    """
                    select id, practice_id, email, role, display_name, profile_id, client_id, customer_id, password_hash
                    from users
                    where email = @email and active = 1
                    """,
                    new { email },
                    cancellationToken: token));
                return row is null ? null : (row.ToUser(), row.PasswordHash);
            },
            cancellationToken);

    public Task<User?> FindAsync(Guid practiceId, Guid userId, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                    """
                    select id, practice_id, email, role, display_name, profile_id, client_id, customer_id, password_hash
                    from users
                    where id = @userId and practice_id = @practiceId and active = 1
                    """,
                    new { practiceId, userId },
                    cancellationToken: token));
                return row?.ToUser();
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<Guid, UserRole>> FindRolesAsync(Guid practiceId, IReadOnlyList<Guid> userIds, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyDictionary<Guid, UserRole>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid Id, string Role)>(new CommandDefinition(
                    "select id, role from users where practice_id = @practiceId and id in @userIds and active = 1",
                    new { practiceId, userIds },
                    cancellationToken: token));
                return rows.ToDictionary(row => row.Id, row => Enum.Parse<UserRole>(row.Role, ignoreCase: true));
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<Guid, UserRole>> FindProfileRolesAsync(Guid practiceId, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyDictionary<Guid, UserRole>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<(Guid ProfileId, string Role)>(new CommandDefinition(
                    "select profile_id, role from users where practice_id = @practiceId and profile_id is not null and active = 1",
                    new { practiceId },
                    cancellationToken: token));
                return rows
                    .GroupBy(row => row.ProfileId, row => Enum.Parse<UserRole>(row.Role, ignoreCase: true))
                    .ToDictionary(roles => roles.Key, roles => roles.MinBy(role => Array.IndexOf(Leading, role)));
            },
            cancellationToken);

    private sealed record Row(
        Guid Id, Guid PracticeId, string Email, string Role, string DisplayName,
        Guid? ProfileId, Guid? ClientId, string? CustomerId, string PasswordHash)
    {
        public User ToUser() =>
            new(Id, PracticeId, Email, Enum.Parse<UserRole>(Role, ignoreCase: true), DisplayName, ProfileId, ClientId, CustomerId);
    }
}
