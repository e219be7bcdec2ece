using System.Data.Common;
using System.Text.Json;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Data;

namespace AiPlatform.Load.Seeding;

internal sealed class ClientSeed(Phrases phrases) : ISeed
{
    public string Name => "clients";

    public int BatchLength => 500;

    public int CountIn(SeedPractice practice) => practice.Clients;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert into clients
                (id, practice_id, practitioner_id, name, search_name, status, pronouns, date_of_birth, email, phone, started_at,
                 presenting_concerns, goals, notes, created_at)
            """,
            Enumerable.Range(first, end - first).Select(client => RowOf(practice, client)),
            cancellationToken);
        await ClientNameParts.InsertAsync(
            connection,
            transaction,
            practice.Id,
            Enumerable.Range(first, end - first).Select(client => (practice.ClientIdOf(client), NameFolding.Fold(NameOf(practice, client)))),
            cancellationToken);
        return end - first;
    }

    private string NameOf(SeedPractice practice, int client)
    {
        var random = practice.RandomOf(SeedKind.ClientName, client);
        return $"{phrases.Say("firstname", random)} {phrases.Say("surname", random)}";
    }

    private object?[] RowOf(SeedPractice practice, int client)
    {
        var random = practice.RandomOf(SeedKind.Client, client);
        var start = practice.StartOf(client);
        var name = NameOf(practice, client);
        var isCurrent = practice.HasLongLists(client) || start > practice.Plan.Day.AddYears(-2);
        return
        [
            practice.ClientIdOf(client), practice.Id, practice.PractitionerIdOf(client), name, NameFolding.Fold(name), isCurrent ? "active" : "inactive",
            phrases.Say("pronouns", random), start.AddDays(-random.Next(18 * 365, 80 * 365)), SeedPractice.EmailOf("client", client, practice.Number),
            $"+44 7700 {random.Next(900_000, 901_000)}", start, phrases.SayCapital("concern", random),
            JsonSerializer.Serialize((string[])[phrases.SayCapital("goal", random), phrases.SayCapital("goal", random)]), phrases.Say("note", random),
            start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        ];
    }
}
