using AiPlatform.Load.Seeding;
using Dapper;

namespace AiPlatform.Load.Requests;

/// <summary>What callers ask for: names, clients and sessions that are there, by practitioner.</summary>
internal sealed class AskedFor
{
    private static readonly string[] Words = ["sleep", "garden", "deadline", "harbour", "panic", "guitar", "landlord", "breathing", "inheritance", "nightmares", "allotment", "rehearsing"];

    private readonly (Guid Id, string Name)[][] _clients;
    private readonly Guid[][] _sessions;

    private AskedFor((Guid, string)[][] clients, Guid[][] sessions)
    {
        _clients = clients;
        _sessions = sessions;
    }

    public static async Task<AskedFor> ReadAsync(SeededServer server, SeedPractice practice, CancellationToken cancellationToken)
    {
        var clients = await ReadAsync<(Guid Owner, Guid Id, string Name)>(
            server, "select practitioner_id, id, name from clients where practice_id = @Id", practice, cancellationToken);
        var sessions = await ReadAsync<(Guid Owner, Guid Id)>(
            server, "select practitioner_id, id from clinical_sessions where practice_id = @Id and total_segments > 0", practice, cancellationToken);
        var practitioners = Enumerable.Range(0, practice.Practitioners).Select(number => practice.PractitionerIdOf(number)).ToList();
        var (clientsOf, sessionsOf) = (clients.ToLookup(client => client.Owner), sessions.ToLookup(session => session.Owner));
        return new(
            [.. practitioners.Select(id => clientsOf[id].Select(client => (client.Id, client.Name)).ToArray())],
            [.. practitioners.Select(id => sessionsOf[id].Select(session => session.Id).ToArray())]);
    }

    public Guid ClientOf(int practitioner) => Any(_clients[practitioner]).Id;

    public Guid SessionOf(int practitioner) => Any(_sessions[practitioner]);

    /// <summary>As people search: a first name, the beginning of a surname, the whole name.</summary>
    public string SearchOf(int practitioner)
    {
        var name = Any(_clients[practitioner]).Name;
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        var query = Random.Shared.Next(3) switch
        {
            0 => name[..space],
            1 => name.Substring(space + 1, Math.Min(4, name.Length - space - 1)),
            _ => name,
        };
        return $"/api/v1/clients/search?query={Uri.EscapeDataString(query)}";
    }

    public static string Keywords() => $"{Any(Words)}%20{Any(Words)}";

    private static T Any<T>(T[] of) => of[Random.Shared.Next(of.Length)];

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        SeededServer server, string sql, SeedPractice practice, CancellationToken cancellationToken) =>
        await server.Database.RunAsync<IReadOnlyList<T>>(
            async (connection, token) => [.. await connection.QueryAsync<T>(new CommandDefinition(sql, new { practice.Id }, cancellationToken: token))],
            cancellationToken);
}
