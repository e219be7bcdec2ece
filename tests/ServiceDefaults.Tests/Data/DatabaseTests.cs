using System.Data.Common;
using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class DatabaseTests
{
    private const string Insert = "insert into note (id, name) values (@id, @name)";

    // Far under the minute that the statement would take, far over what a busy machine needs.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Run_Query_ReturnsTheRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Insert, new { id = Guid.CreateVersion7(), name = "one" });
        await database.ExecuteAsync(Insert, new { id = Guid.CreateVersion7(), name = "two" });

        Assert.Equal(["one", "two"], await database.QueryAsync<string>("select name from note order by name"));
    }

    [Fact]
    [Trait("Spec", "T001-380")]
    public async Task RunInTransaction_Returns_Commits()
    {
        await using var database = await TestDatabase.CreateAsync();

        var count = await database.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await InsertAsync(connection, transaction, "one", token);
                return await connection.ExecuteScalarAsync<int>(new CommandDefinition("select count(*) from note", null, transaction, cancellationToken: token));
            },
            CancellationToken.None);

        Assert.Equal((1, 1L), (count, await CountAsync(database)));
    }

    [Fact]
    [Trait("Spec", "T001-381")]
    public async Task RunInTransaction_Throws_RollsBackAndThrowsThatVeryException()
    {
        await using var database = await TestDatabase.CreateAsync();
        var thrown = new InvalidOperationException("rule");

        var caught = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await InsertAsync(connection, transaction, "one", token);
                throw thrown;
            },
            CancellationToken.None));

        Assert.Same(thrown, caught);
        Assert.Equal(0L, await CountAsync(database));
    }

    [Fact]
    public async Task RunInTransaction_VictimOfADeadlock_RunsAgain()
    {
        await using var database = await TestDatabase.CreateAsync();
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        await database.ExecuteAsync(Insert, new { id = ids[0], name = "first " });
        await database.ExecuteAsync(Insert, new { id = ids[1], name = "second " });

        // Each holds its first row when it asks for the other's: one of the two first attempts must die.
        using var bothHold = new Barrier(2);
        var attempts = 0;
        Task AppendAsync(string letter, Guid first, Guid second) => database.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                const string append = "update note set name = concat(name, @letter) where id = @id";
                await connection.ExecuteAsync(new CommandDefinition(append, new { letter, id = first }, transaction, cancellationToken: token));
                if (Interlocked.Increment(ref attempts) <= 2)
                {
                    Assert.True(bothHold.SignalAndWait(AtOnce, token));
                }

                await connection.ExecuteAsync(new CommandDefinition(append, new { letter, id = second }, transaction, cancellationToken: token));
            },
            CancellationToken.None);

        await Task.WhenAll(AppendAsync("a", ids[0], ids[1]), AppendAsync("b", ids[1], ids[0]));

        Assert.True(attempts > 2);
        var names = await database.QueryAsync<string>("select name from note order by name");
        Assert.Contains(names, (List<string>[])[["first ab", "second ab"], ["first ba", "second ba"]]);
    }

    [Fact]
    public async Task RunInTransaction_Cancelled_RollsBack()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var cancellation = new CancellationTokenSource();
        var running = database.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await InsertAsync(connection, transaction, "one", token);
                await connection.ExecuteAsync(new CommandDefinition("select sleep(60), 'rolls back'", null, transaction, cancellationToken: token));
            },
            cancellation.Token);
        await database.UntilRunningAsync("rolls back", 1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(AtOnce));

        // Waits for the row's lock, so it sees the end of the cancelled transaction.
        Assert.Equal(1, await database.ExecuteAsync(Insert, new { id = Guid.CreateVersion7(), name = "one" }));
        Assert.Equal(1L, await CountAsync(database));
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheCallerAtOnceAndTheStatementOnTheServer()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var cancellation = new CancellationTokenSource();
        var running = database.ExecuteAsync("select sleep(60), 'is cancelled'", cancellationToken: cancellation.Token);
        await database.UntilRunningAsync("is cancelled", 1);

        var started = Stopwatch.GetTimestamp();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await database.UntilRunningAsync("is cancelled", 0);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, AtOnce);
        Assert.Equal(1, await database.ScalarAsync<int>("select 1"));
    }

    [Fact]
    public async Task Run_CancelledBefore_DoesNotTouchTheServer()
    {
        await using var database = await TestDatabase.CreateAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.ExecuteAsync(
            Insert, new { id = Guid.CreateVersion7(), name = "one" }, new CancellationToken(canceled: true)));

        Assert.Equal(0L, await CountAsync(database));
    }

    [Fact]
    public async Task Run_OutOfTime_IsUnavailableAndEndsTheStatement()
    {
        var time = new TestTimeProvider();
        await using var database = await TestDatabase.CreateAsync(timeProvider: time);
        var running = database.ExecuteAsync("select sleep(60), 'is too slow'");
        await database.UntilRunningAsync("is too slow", 1);

        time.Advance(TimeSpan.FromSeconds(15));

        var exception = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => running.WaitAsync(AtOnce));
        Assert.Equal(
            ("database.unavailable", DatabaseReasons.Timeout, "The database did not answer within 15 s."),
            (exception.Code, exception.Reason, exception.Message));
        await database.UntilRunningAsync("is too slow", 0);
    }

    [Fact]
    public async Task Run_DuplicateKey_IsNamedAndLeavesTheConnectionInUse()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 1 });
        var before = await database.ScalarAsync<long>("select connection_id()");
        await database.ExecuteAsync(Insert, new { id = Guid.CreateVersion7(), name = "one" });

        var duplicate = await Assert.ThrowsAnyAsync<DbException>(
            () => database.ExecuteAsync(Insert, new { id = Guid.CreateVersion7(), name = "one" }));
        var other = await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("select nothing from nowhere"));

        Assert.Equal((true, false), (duplicate.IsDuplicateKey(), other.IsDuplicateKey()));
        Assert.Equal(before, await database.ScalarAsync<long>("select connection_id()"));
    }

    [Fact]
    public async Task Run_WorkThrows_LeavesTheConnectionInUse()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 1 });
        var before = await database.ScalarAsync<long>("select connection_id()");

        await Assert.ThrowsAsync<ArgumentException>(() => database.Database.RunAsync((_, _) => throw new ArgumentException("bug"), CancellationToken.None));

        Assert.Equal(before, await database.ScalarAsync<long>("select connection_id()"));
    }

    [Fact]
    public async Task Run_SixtyFourAtOnce_ShareEightConnections()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 8 });

        var connections = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            _ => database.ScalarAsync<long>("select connection_id() from (select sleep(0.01)) slept")));

        Assert.InRange(connections.Distinct().Count(), 2, 8);
    }

    [Fact]
    public async Task Run_QueueFull_IsUnavailableAtOnceAndTheOthersFinish()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 1, QueueLength = 1 });
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var running = database.Database.RunAsync(
            async (_, _) =>
            {
                entered.SetResult();
                await gate.Task;
            },
            CancellationToken.None);
        await entered.Task;
        var waiting = database.ScalarAsync<int>("select 2");

        var exception = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ScalarAsync<int>("select 3"));

        Assert.Equal((DatabaseReasons.Busy, "Too many calls wait for the database."), (exception.Reason, exception.Message));
        gate.SetResult();
        await running;
        Assert.Equal(2, await waiting);
    }

    [Fact]
    [Trait("Spec", "T001-382")]
    public async Task Open_NobodyThere_FailsOnlyWhenAsked()
    {
        await using var database = TestDatabase.Open($"Server=127.0.0.1;Port={FreePort.Next()};User ID=root;Password=x;Database=none");

        var exception = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ScalarAsync<int>("select 1"));

        Assert.Equal((DatabaseReasons.Unreachable, "The database could not be reached."), (exception.Reason, exception.Message));
    }

    [Fact]
    public async Task Run_WrongPassword_IsUnavailableAndSaysNoPassword()
    {
        var server = (await DataServers.StartAsync()).MariaDb;
        await using var database = TestDatabase.Open($"Server=127.0.0.1;Port={server.Port};User ID=root;Password=wrong-one;Database=mysql");

        var exception = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ScalarAsync<int>("select 1"));

        Assert.Equal(DatabaseReasons.AuthenticationFailed, exception.Reason);
        Assert.DoesNotContain("wrong-one", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoundTrip_IdsTimesDatesAndEmoji_ComeBackAsTheyWere()
    {
        await using var database = await TestDatabase.CreateAsync();
        var whole = new Note(
            Guid.CreateVersion7(), "Zoë 🧠 ‘quoted’ \\ % 中文", new DateTimeOffset(2026, 3, 29, 3, 30, 15, 123, 456, TimeSpan.FromHours(2)), new DateOnly(1999, 12, 31), Guid.CreateVersion7());
        var bare = new Note(Guid.CreateVersion7(), "", null, null, null);

        foreach (var note in (Note[])[whole, bare])
        {
            await database.ExecuteAsync("insert into note (id, name, at, day, owner_id) values (@Id, @Name, @At, @Day, @OwnerId)", note);
        }

        var notes = await database.QueryAsync<Note>("select id as Id, name as Name, at as At, day as Day, owner_id as OwnerId from note order by name");
        Assert.Equal([bare, whole], notes);
        Assert.Equal(TimeSpan.Zero, notes[1].At!.Value.Offset);
        Assert.Equal(36L, await database.ScalarAsync<long>("select length(id) from note where id = @Id", whole));
        Assert.Equal("2026-03-29 01:30:15.123456", await database.ScalarAsync<string>("select cast(at as char) from note where id = @Id", whole));
        Assert.Equal([whole.Id], await database.QueryAsync<Guid>("select id from note where at = @At and day = @Day and owner_id in @Owners", new { whole.At, whole.Day, Owners = new[] { whole.OwnerId } }));
    }

    private static Task<long> CountAsync(TestDatabase database) => database.ScalarAsync<long>("select count(*) from note");

    private static Task<int> InsertAsync(DbConnection connection, DbTransaction transaction, string name, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Insert, new { id = Guid.CreateVersion7(), name }, transaction, cancellationToken: cancellationToken));

    private sealed record Note(Guid Id, string Name, DateTimeOffset? At, DateOnly? Day, Guid? OwnerId)
    {
        // Dapper's way in for records whose columns are not of the parameters' types.
        public Note()
            : this(default, "", null, null, null)
        {
        }
    }
}
