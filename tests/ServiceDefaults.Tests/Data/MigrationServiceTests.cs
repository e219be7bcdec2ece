using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class MigrationServiceTests
{
    private const string Applied = "select concat(version, ' ', name, ' ', applied_at) from schema_version order by applied_at, version";

    [Fact]
    public async Task Start_FreshDatabase_AppliesAllOnceInOrder()
    {
        await using var database = await TestDatabase.CreateAsync();

        Assert.Equal(
            ["1 note", "2 applied", "10 applied_again"],
            await database.QueryAsync<string>("select concat(version, ' ', name) from schema_version order by applied_at, version"));
        Assert.Equal([2, 10], await database.QueryAsync<int>("select version from applied order by version"));
    }

    [Fact]
    public async Task Start_Again_AppliesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var before = await database.QueryAsync<string>(Applied);

        await TestDatabase.MigrationsOf(database.Database).StartAsync(CancellationToken.None);

        Assert.Equal(before, await database.QueryAsync<string>(Applied));
        Assert.Equal([2, 10], await database.QueryAsync<int>("select version from applied order by version"));
    }

    [Fact]
    public async Task Start_SeveralServicesAtOnce_ApplyEachOnce()
    {
        var connectionString = await (await DataServers.StartAsync()).CreateDatabaseAsync("together");
        var services = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestService.StartAsync(
            configure: builder => builder.AddMySqlDataSource("togetherdb", typeof(MigrationServiceTests).Assembly),
            settings: new() { ["ConnectionStrings:togetherdb"] = connectionString })));

        await using var database = TestDatabase.Open(connectionString);
        Assert.Equal([1, 2, 10], await database.QueryAsync<int>("select version from schema_version order by version"));
        Assert.Equal([2, 10], await database.QueryAsync<int>("select version from applied order by version"));
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task Start_AnotherReplicaTakesLong_WaitsItsOwnBoundAndNotThatOfACall()
    {
        var connectionString = await (await DataServers.StartAsync()).CreateDatabaseAsync("slow");
        var time = new TestTimeProvider();
        await using var database = TestDatabase.Open(connectionString, timeProvider: time);
        await using var other = TestDatabase.Open(connectionString);
        var (holding, release) = await HoldLockAsync(other);
        var starting = TestDatabase.MigrationsOf(database.Database, TimeSpan.FromMinutes(10), time).StartAsync(CancellationToken.None);
        await other.UntilRunningAsync(LockOf(other), 1);

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(starting.IsCompleted);
        release.SetResult();

        await starting.WaitAsync(Eventually.Timeout);
        await holding;
        Assert.Equal([1, 2, 10], await database.QueryAsync<int>("select version from schema_version order by version"));
    }

    [Fact]
    public async Task Start_AnotherReplicaTakesForEver_EndsByNameAtTheBound()
    {
        var connectionString = await (await DataServers.StartAsync()).CreateDatabaseAsync("stuck");
        var time = new TestTimeProvider();
        await using var database = TestDatabase.Open(connectionString, timeProvider: time);
        await using var other = TestDatabase.Open(connectionString);
        var (holding, release) = await HoldLockAsync(other);
        var starting = TestDatabase.MigrationsOf(database.Database, TimeSpan.FromMinutes(10), time).StartAsync(CancellationToken.None);
        await other.UntilRunningAsync(LockOf(other), 1);

        time.Advance(TimeSpan.FromMinutes(10));

        var exception = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => starting.WaitAsync(Eventually.Timeout));
        Assert.Equal((DatabaseReasons.Timeout, "The database did not answer within 600 s."), (exception.Reason, exception.Message));
        release.SetResult();
        await holding;
    }

    [Fact]
    public async Task Start_ConnectionStringMissing_SaysWhichAndHow()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestService.StartAsync(configure: builder => builder.AddMySqlDataSource("chatdb", typeof(MigrationServiceTests).Assembly)));

        Assert.Equal(
            "The connection string 'chatdb' is missing. The AppHost injects it; to run the service alone set ConnectionStrings__chatdb.",
            exception.Message);
    }

    private static string LockOf(TestDatabase database) => $"get_lock('aiplatform.migrations.{database.ConnectionString.Split("Database=")[1]}'";

    // As another replica does while it applies its migrations: on its own connection until released.
    private static async Task<(Task Holding, TaskCompletionSource Release)> HoldLockAsync(TestDatabase database)
    {
        var (taken, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holding = database.Database.RunAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync($"select {LockOf(database)}, 0)");
                taken.SetResult();
                await release.Task.WaitAsync(token);
                await connection.ExecuteAsync("do release_all_locks()");
            },
            CancellationToken.None);
        await taken.Task.WaitAsync(Eventually.Timeout);
        return (holding, release);
    }
}
