using System.Collections.Concurrent;
using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>Sixty-four callers at once: few threads, cancellation at once, and no transaction is ever left open.</summary>
[Collection(nameof(FaultTests))]
public sealed class DatabaseCallersTests
{
    private const int Callers = 64;

    [Fact]
    public async Task Run_SixtyFourCallers_RunOnAsManyThreadsAsConnectionsAndNotOnThePool()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 8 });
        var threads = new ConcurrentDictionary<int, bool>();

        await Task.WhenAll(Enumerable.Range(0, Callers * 8).Select(_ => database.Database.RunAsync(
            async (connection, token) =>
            {
                threads[Environment.CurrentManagedThreadId] = Thread.CurrentThread.IsThreadPoolThread;
                await connection.ExecuteAsync(new CommandDefinition("do sleep(0.002)", cancellationToken: token));
            },
            CancellationToken.None)));

        Assert.InRange(threads.Count, 2, 8);
        Assert.DoesNotContain(true, threads.Values);
    }

    [Fact]
    public async Task Run_SixtyFourCancelled_EndWithinATenthOfASecondAndSoDoTheStatements()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 8 });
        using var idleTime = IdleTime.WithServer((await DataServers.StartAsync()).MariaDb.ProcessId);
        List<(long Started, long Ended)> cancellations = [];
        for (var round = 0; round < 6; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var text = $"is given up {round}";
            var connections = await ConnectionsAsync(database);
            var running = Enumerable.Range(0, Callers).Select(_ => Record.ExceptionAsync(
                () => database.ExecuteAsync($"select sleep(60), '{text}'", cancellationToken: cancellation.Token))).ToList();
            await UntilRunningAsync(text, 8);

            var started = Stopwatch.GetTimestamp();
            await cancellation.CancelAsync();
            var exceptions = await Task.WhenAll(running);
            cancellations.Add((started, Stopwatch.GetTimestamp()));

            Assert.All(exceptions, exception => Assert.IsAssignableFrom<OperationCanceledException>(exception));
            await UntilRunningAsync(text, 0);
            Assert.Empty((await ConnectionsAsync(database)).Intersect(connections));
        }

        AssertWithinATenthOfASecond(idleTime, cancellations);
    }

    [Fact]
    public async Task Run_StatementCancelled_IsGoneFromTheServerWithinATenthOfASecond()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var asking = await AskingAsync();
        using var idleTime = IdleTime.WithServer((await DataServers.StartAsync()).MariaDb.ProcessId);
        List<(long Started, long Ended)> cancellations = [];
        for (var round = 0; round < 6; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var text = $"is killed {round}";
            var running = Record.ExceptionAsync(() => database.ExecuteAsync($"select sleep(60), '{text}'", cancellationToken: cancellation.Token));
            await asking.UntilRunningAsync(text, 1);

            var started = Stopwatch.GetTimestamp();
            await cancellation.CancelAsync();
            await asking.UntilRunningAsync(text, 0);
            cancellations.Add((started, Stopwatch.GetTimestamp()));
            Assert.IsAssignableFrom<OperationCanceledException>(await running);
        }

        AssertWithinATenthOfASecond(idleTime, cancellations);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("thrown")]
    [InlineData("cut")]
    public async Task RunInTransaction_SixtyFourBrokenOff_LeaveNoneOpenAndNothingBehind(string how)
    {
        await using var database = await TestDatabase.CreateAsync();
        using var cancellation = new CancellationTokenSource();
        var (inside, goOn) = (new SemaphoreSlim(0), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var running = Enumerable.Range(0, Callers).Select(caller => Record.ExceptionAsync(() => database.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "insert into note (id, name) values (@id, @name)", new { id = Guid.CreateVersion7(), name = $"{caller}" }, transaction, cancellationToken: token));
                inside.Release();
                await goOn.Task.WaitAsync(token);
                if (how == "cut")
                {
                    await connection.ExecuteAsync(new CommandDefinition("kill connection connection_id()", null, transaction, cancellationToken: token));
                }

                throw new InvalidOperationException("a rule");
            },
            cancellation.Token))).ToList();
        for (var entered = 0; entered < 8; entered++)
        {
            Assert.True(await inside.WaitAsync(Eventually.Timeout));
        }

        if (how == "cancelled")
        {
            await cancellation.CancelAsync();
        }

        goOn.SetResult();
        var exceptions = await Task.WhenAll(running);

        Assert.DoesNotContain(null, exceptions);
        await database.UntilNoTransactionIsOpenAsync();
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from note"));
    }

    private static void AssertWithinATenthOfASecond(IdleTime idleTime, List<(long Started, long Ended)> cancellations)
    {
        idleTime.Stop();

        // The median without the first round, which loads and compiles what it takes; a busy disk may hold up another one.
        var took = cancellations.Skip(1).Select(cancellation => idleTime.Between(cancellation.Started, cancellation.Ended) - idleTime.WorstLook).Order().ToList();
        Assert.InRange(took[took.Count / 2], TimeSpan.MinValue, TimeSpan.FromMilliseconds(100));
    }

    // From a connection of its own: all of the database's are busy.
    private static async Task UntilRunningAsync(string text, int count)
    {
        await using var asking = await AskingAsync();
        await asking.UntilRunningAsync(text, count);
    }

    private static async Task<TestDatabase> AskingAsync() =>
        TestDatabase.Open((await DataServers.StartAsync()).MariaDb.ConnectionString, new DatabaseOptions { Connections = 1 });

    private static Task<List<long>> ConnectionsAsync(TestDatabase database) =>
        database.QueryAsync<long>("select id from information_schema.processlist where db = database() and id <> connection_id()");
}
