using System.Data.Common;
using AiPlatform.Services.Api.Data;

namespace AiPlatform.Load.Seeding;

/// <summary>About twenty moods a client within a year from their start; of who has the long lists four a day of the last year.</summary>
internal sealed class MoodSeed(Phrases phrases) : ISeed
{
    public string Name => "moods";

    public int BatchLength => 250;

    // By clients.
    public int CountIn(SeedPractice practice) => practice.Clients;

    public async Task<int> WriteAsync(
        DbConnection connection, DbTransaction transaction, SeedPractice practice, int first, int end, CancellationToken cancellationToken)
    {
        var rows = Enumerable.Range(first, end - first).SelectMany(client => Make(practice, client)).ToList();
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into mood_entries (id, practice_id, client_id, mood, scale, note, recorded_at, created_at)",
            rows,
            cancellationToken);
        return rows.Count;
    }

    private IEnumerable<object?[]> Make(SeedPractice practice, int client)
    {
        var random = practice.RandomOf(SeedKind.Mood, client);
        var (count, from, step) = practice.HasLongLists(client)
            ? (4 * 365, practice.Plan.Day.AddDays(-365), TimeSpan.FromHours(6))
            : (random.Next(41), practice.StartOf(client), TimeSpan.FromDays(9));
        for (var number = 0; number < count; number++)
        {
            var at = from.ToDateTime(new(7, 30), DateTimeKind.Utc) + step * number;
            yield return
            [
                practice.IdOf(SeedKind.Mood, client * 2_000 + number, at), practice.Id, practice.ClientIdOf(client), phrases.SayCapital("mood", random),
                random.Next(1, 11), random.Next(3) == 0 ? phrases.SayCapital("client", random) : null, at, at,
            ];
        }
    }
}
