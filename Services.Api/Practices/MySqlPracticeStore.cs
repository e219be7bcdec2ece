using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.Practices;

internal sealed class MySqlPracticeStore(Database database) : IPracticeStore
{
    public Task<PracticeResponse?> FindAsync(Guid practiceId, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                    "select id, name, owner_name, email, phone, time_zone from practices where id = @practiceId",
                    new { practiceId },
                    cancellationToken: token));
                if (row is null)
                {
                    return null;
                }

                var locations = await connection.QueryAsync<LocationResponse>(new CommandDefinition(
                    "select name, street, city, postcode, country from practice_locations where practice_id = @practiceId order by name",
                    new { practiceId },
                    cancellationToken: token));
                return new PracticeResponse(row.Id, row.Name, row.OwnerName, row.Email, row.Phone, row.TimeZone, [.. locations]);
            },
            cancellationToken);

    private sealed record Row(Guid Id, string Name, string OwnerName, string Email, string Phone, string TimeZone);
}
