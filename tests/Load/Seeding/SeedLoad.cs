using System.Diagnostics;
using System.Globalization;
using Dapper;

namespace AiPlatform.Load.Seeding;

/// <summary>
/// Makes the practice that the loads of the Api run on, in a folder of its own, and adds what the folder lacks when it was made by an earlier
/// version of this.
/// </summary>
internal sealed class SeedLoad(LoadArguments arguments) : ILoad
{
    private static readonly (string What, string Table)[] Counted =
    [
        ("clients", "clients"), ("care relations", "care_relations"), ("sessions", "clinical_sessions"), ("segments", "clinical_session_segments"), ("homework assignments", "homework_assignments"),
        ("homework results", "homework_results"), ("moods", "mood_entries"), ("audit events", "audit_events"),
    ];

    public string Name => "seed";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await SeededServer.OpenAsync(arguments.DataFolder, cancellationToken);
        var plan = await server.FindPlanAsync(cancellationToken) ?? await BeginAsync(server, cancellationToken);
        if (plan.Scale != arguments.Scale)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{arguments.DataFolder} holds a practice of scale {plan.Scale}: name another folder, or delete this one."));
        }

        var started = Stopwatch.GetTimestamp();
        var phrases = Phrases.Read();
        var writer = new SeedWriter(server);
        ISeed[] seeds =
        [
            new PeopleSeed(phrases), new ClientSeed(phrases), new CareSeed(), new SessionSeed(phrases), new HomeworkSeed(phrases), new MoodSeed(phrases),
            new AuditSeed(new(TimeProvider.System)),
        ];
        foreach (var seed in seeds)
        {
            await writer.WriteAsync(seed, plan, cancellationToken);
        }

        // Estimates of a table that grew this fast are those of its beginning.
        await AnalyzeAsync(server, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return [.. await CountAsync(server, cancellationToken), new("seconds this took", seconds.ToString("#,0", CultureInfo.InvariantCulture), "", "", "", IsKept: true)];
    }

    private async Task<SeedPlan> BeginAsync(SeededServer server, CancellationToken cancellationToken)
    {
        var plan = new SeedPlan(arguments.Scale, DateOnly.FromDateTime(DateTime.UtcNow));
        await server.Database.RunAsync(
            (connection, token) => connection.ExecuteAsync(
                new CommandDefinition("insert into seeding.plan (scale, day) values (@Scale, @Day)", plan, cancellationToken: token)),
            cancellationToken);
        return plan;
    }

    private static Task<int> AnalyzeAsync(SeededServer server, CancellationToken cancellationToken) =>
        server.Database.RunAsync(
            (connection, token) => connection.ExecuteAsync(new CommandDefinition(
                $"analyze table {string.Join(", ", Counted.Select(counted => counted.Table))}", commandTimeout: 0, cancellationToken: token)),
            cancellationToken);

    private static async Task<IReadOnlyList<Figure>> CountAsync(SeededServer server, CancellationToken cancellationToken) =>
        await server.Database.RunAsync<IReadOnlyList<Figure>>(
            async (connection, token) =>
            {
                List<Figure> figures = [];
                foreach (var (what, table) in Counted)
                {
                    var count = await connection.ExecuteScalarAsync<long>(
                        new CommandDefinition($"select count(*) from {table}", commandTimeout: 0, cancellationToken: token));
                    figures.Add(new(what, count.ToString("#,0", CultureInfo.InvariantCulture), "", "", "", IsKept: true));
                }

                return figures;
            },
            cancellationToken);
}
