using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using Dapper;

namespace AiPlatform.Services.Api.Practitioners;

internal sealed class MySqlPractitionerStore(Database database) : IPractitionerStore
{
    public Task<IReadOnlyList<PractitionerResponse>> ListAsync(Guid practiceId, bool? active, int limit, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<PractitionerResponse>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    """
                    select id, name, title, email, phone, specialities, active
                    from practitioners
                    where practice_id = @practiceId and (@active is null or active = @active)
                    order by name, id
                    limit @limit
                    """,
                    new { practiceId, active, limit },
                    cancellationToken: token));
                return [.. rows.Select(row => row.ToResponse())];
            },
            cancellationToken);

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

    private sealed record Row(Guid Id, string Name, string Title, string Email, string Phone, string Specialities, bool Active)
    {
        public PractitionerResponse ToResponse() =>
            new(Id, Name, Title, Email, Phone, JsonSerializer.Deserialize<string[]>(Specialities) ?? [], Active ? "active" : "inactive");
    }
}
