using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;

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

        await TestDatabase.MigrationsOf(database.Database).StartingAsync(CancellationToken.None);

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
    public async Task Start_ConnectionStringMissing_SaysWhichAndHow()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestService.StartAsync(configure: builder => builder.AddMySqlDataSource("chatdb", typeof(MigrationServiceTests).Assembly)));

        Assert.Equal(
            "The connection string 'chatdb' is missing. The AppHost injects it; to run the service alone set ConnectionStrings__chatdb.",
            exception.Message);
    }
}
