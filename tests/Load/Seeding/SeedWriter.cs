using System.Diagnostics;
using System.Globalization;
using Dapper;

namespace AiPlatform.Load.Seeding;

/// <summary>
/// Writes the batches that are missing, two at a time; each is one transaction with the note that it is there, so a seed may be interrupted. In
/// memory are the batches at work and nothing else.
/// </summary>
internal sealed class SeedWriter(SeededServer server)
{
    private const int AtOnce = 2;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(5);

    private long _reportedAt;

    public async Task WriteAsync(ISeed seed, SeedPlan plan, CancellationToken cancellationToken)
    {
        var there = await ReadBatchesAsync(seed, cancellationToken);
        var missing = plan.Practices
            .SelectMany(practice => Enumerable.Range(0, (seed.CountIn(practice) + seed.BatchLength - 1) / seed.BatchLength)
                .Select(batch => (Practice: practice, First: batch * seed.BatchLength)))
            .Where(batch => !there.Contains((batch.Practice.Number, batch.First)))
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var (done, rows) = (0, 0L);
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (batch, token) =>
        {
            var end = Math.Min(batch.First + seed.BatchLength, seed.CountIn(batch.Practice));
            var written = await WriteBatchAsync(seed, batch.Practice, batch.First, end, token);
            Report(seed, Interlocked.Increment(ref done), missing.Count, Interlocked.Add(ref rows, written), started);
        });
    }

    private async Task<HashSet<(int Practice, int First)>> ReadBatchesAsync(ISeed seed, CancellationToken cancellationToken) =>
        await server.Database.RunAsync(
            async (connection, token) => (await connection.QueryAsync<(int, int)>(new CommandDefinition(
                "select practice, first from seeding.batches where seed = @Name", new { seed.Name }, cancellationToken: token))).ToHashSet(),
            cancellationToken);

    private Task<int> WriteBatchAsync(ISeed seed, SeedPractice practice, int first, int end, CancellationToken cancellationToken) =>
        server.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "insert into seeding.batches (seed, practice, first) values (@Name, @Number, @first)",
                    new { seed.Name, practice.Number, first },
                    transaction,
                    cancellationToken: token));
                return await seed.WriteAsync(connection, transaction, practice, first, end, token);
            },
            cancellationToken);

    // sessions: 41 % after 62 s, 1,523,004 rows, 24,560/s
    private void Report(ISeed seed, int done, int all, long rows, long started)
    {
        var last = Interlocked.Read(ref _reportedAt);
        var isDue = done == all || last == 0 || Stopwatch.GetElapsedTime(last) > BetweenReports;
        if (!isDue || Interlocked.CompareExchange(ref _reportedAt, Stopwatch.GetTimestamp(), last) != last)
        {
            return;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{seed.Name}: {100L * done / all} % after {seconds:0} s, {rows:#,0} rows, {rows / seconds:#,0}/s"));
    }
}
