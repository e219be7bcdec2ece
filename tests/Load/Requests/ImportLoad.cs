using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Load.Seeding;
using Dapper;

namespace AiPlatform.Load.Requests;

/// <summary>Imports of the longest transcript the service takes, over HTTP into the seeded practice.</summary>
internal sealed class ImportLoad(LoadArguments arguments) : ILoad
{
    private const int Segments = 5_000;
    private const int Times = 8;
    private const double MostMilliseconds = 2_000;

    public string Name => "import";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await SeededServer.OpenAsync(arguments.DataFolder, cancellationToken);
        var plan = await server.FindPlanAsync(cancellationToken) ?? throw new InvalidOperationException($"Nothing is seeded in {arguments.DataFolder}: run seed first.");
        var practice = plan.Practices[0];
        await using var trail = await SeededTrail.RememberAsync(server, practice, cancellationToken);
        await using var api = await ApiUnderLoad.StartAsync(server, cancellationToken);
        var owner = await api.SignInAsync(practice, "owner", 0, cancellationToken);
        var body = BodyOf(practice);

        List<double> times = [];
        List<Guid> imported = [];
        try
        {
            await AgreeAsync(server, practice, cancellationToken);
            for (var time = 0; time < Times; time++)
            {
                var startedAt = Stopwatch.GetTimestamp();
                imported.Add(await ImportAsync(owner, body, cancellationToken));
                times.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            }
        }
        finally
        {
            await RemoveAsync(server, practice, imported);
        }

        // The first of a process compiles what the others run.
        var sorted = times.Skip(1).Order().ToList();
        var size = string.Create(CultureInfo.InvariantCulture, $"{Segments:#,0} segments, {body.Length / 1024:#,0} KiB");
        return
        [
            ToFigure($"{size}, median of {sorted.Count}", sorted[sorted.Count / 2]),
            ToFigure($"{size}, slowest", sorted[^1]),
            new($"{size}, first of the process", Milliseconds(times[0]), "", "", "", IsKept: true),
        ];
    }

    // No transcript is taken in without it.
    private static Task<int> AgreeAsync(SeededServer server, SeedPractice practice, CancellationToken cancellationToken) =>
        server.Database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(
                "insert ignore into consents (practice_id, client_id, kind, status, occurred_at) values (@practiceId, @clientId, 'recording', 'given', @occurredAt)",
                new { practiceId = practice.Id, clientId = practice.ClientIdOf(1), occurredAt = practice.Plan.Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) },
                cancellationToken: token)),
            cancellationToken);

    private static byte[] BodyOf(SeedPractice practice)
    {
        var (phrases, random) = (Phrases.Read(), new Random(1));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            clientId = practice.ClientIdOf(1),
            startedAt = practice.Plan.Day.ToDateTime(new(9, 0), DateTimeKind.Utc),
            title = "A very long day",
            segments = Enumerable.Range(0, Segments).Select(number => new
            {
                speaker = number % 2 == 0 ? "therapist" : "client",
                start = number * 5,
                text = phrases.SayCapital(number % 2 == 0 ? "therapist" : "client", random),
            }),
        });
    }

    private static async Task<Guid> ImportAsync(Caller caller, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/import") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = JsonDocument.Parse(await caller.SendAsync(request, cancellationToken));
        return answer.RootElement.GetProperty("sessionId").GetGuid();
    }

    private static Task RemoveAsync(SeededServer server, SeedPractice practice, List<Guid> imported) =>
        server.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                foreach (var (table, column) in ((string, string)[])
                [
                    ("session_imports", "session_id"), ("clinical_session_words", "session_id"), ("clinical_session_segments", "session_id"), ("clinical_sessions", "id"),
                ])
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        $"delete from {table} where practice_id = @Id and {column} in @ids",
                        new { practice.Id, ids = imported.Select(id => id.ToString()) },
                        transaction,
                        cancellationToken: token));
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    "delete from consents where practice_id = @Id and client_id = @clientId",
                    new { practice.Id, clientId = practice.ClientIdOf(1) },
                    transaction,
                    cancellationToken: token));
            },
            CancellationToken.None);

    private static Figure ToFigure(string what, double milliseconds) =>
        new(what, Milliseconds(milliseconds), "", "", $"under {Milliseconds(MostMilliseconds)}", milliseconds < MostMilliseconds);

    private static string Milliseconds(double value) => value.ToString("#,0", CultureInfo.InvariantCulture) + " ms";
}
