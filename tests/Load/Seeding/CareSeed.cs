using System.Data.Common;
using AiPlatform.Services.Api.Data;
using Dapper;

namespace AiPlatform.Load.Seeding;

/// <summary>Who treats whom: each client has their practitioner, one in five a second one too, one in ten had another before.</summary>
internal sealed class CareSeed : ISeed
{
    public string Name => "care relations";

    public int BatchLength => 500;

    // By clients.
    public int CountIn(SeedPractice practice) => practice.Clients;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        // A folder from before there were relations got the first ones when the schema did.
        var treated = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select client_id from care_relations where practice_id = @Id and client_id in @ids",
            new { practice.Id, ids = Enumerable.Range(first, end - first).Select(client => practice.ClientIdOf(client).ToString()) },
            transaction,
            cancellationToken: cancellationToken))).ToHashSet();
        var rows = Enumerable.Range(first, end - first).SelectMany(client => Make(practice, client, treated.Contains(practice.ClientIdOf(client)))).ToList();
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into care_relations (id, practice_id, client_id, practitioner_id, kind, started_on, ended_on, created_at, version)",
            rows,
            cancellationToken);
        return rows.Count;
    }

    private static IEnumerable<object?[]> Make(SeedPractice practice, int client, bool isTreated)
    {
        var random = practice.RandomOf(SeedKind.Care, client);
        var start = practice.StartOf(client);
        var own = practice.PractitionerOf(client);
        if (!isTreated)
        {
            yield return Row(practice, client, 0, own, "main", start, null);
        }

        if (random.Next(5) == 0)
        {
            yield return Row(practice, client, 1, (own + 1) % practice.Practitioners, "joint", start.AddDays(30), null);
        }

        if (random.Next(10) == 0)
        {
            yield return Row(practice, client, 2, (own + 2) % practice.Practitioners, "main", start.AddDays(-90), start);
        }
    }

    private static object?[] Row(SeedPractice practice, int client, int number, int practitioner, string kind, DateOnly start, DateOnly? end) =>
    [
        practice.IdOf(SeedKind.Care, (client * 4) + number, new(start, TimeOnly.MinValue, TimeSpan.Zero)), practice.Id, practice.ClientIdOf(client),
        practice.IdOf(SeedKind.Practitioner, practitioner), kind, start, end, start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), 1,
    ];
}
