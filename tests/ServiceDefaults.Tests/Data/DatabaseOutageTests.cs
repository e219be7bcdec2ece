using System.Diagnostics;
using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>Servers of their own that are killed, frozen and started again.</summary>
public sealed class DatabaseOutageTests
{
    [Fact]
    public async Task Run_ServerKilledAndRestarted_FailsByNameThenRecovers()
    {
        await using var server = await MariaDbServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync(server: server);
        var cutOff = database.ExecuteAsync("select sleep(60), 'is cut off'");
        await database.UntilRunningAsync("is cut off", 1);

        await server.KillAsync();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => cutOff);
        for (var call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ScalarAsync<int>("select 1"));
        }

        await server.StartAgainAsync();

        // Every connection at once, so that each meets the new server.
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => database.ScalarAsync<int>("select 1"))), answer => Assert.Equal(1, answer));
    }

    [Fact]
    public async Task Run_ServerRestartedWhileIdle_NobodyNotices()
    {
        await using var server = await MariaDbServer.StartAsync();
        var time = new TestTimeProvider();
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 2 }, time, server);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => database.ScalarAsync<int>("select 1")));

        await server.StopAsync();
        await server.StartAgainAsync();
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => database.ScalarAsync<int>("select 1"))), answer => Assert.Equal(1, answer));
    }

    [Fact]
    public async Task Run_ServerFrozen_CancelAndTimeoutEndTheCallerAtOnceAndThawRecovers()
    {
        await using var server = await MariaDbServer.StartAsync();
        var time = new TestTimeProvider();
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 2 }, time, server);
        await database.ScalarAsync<int>("select 1");
        await server.FreezeAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = database.ScalarAsync<int>("select 1", cancellationToken: cancellation.Token);
        var late = database.ScalarAsync<int>("select 1");

        // The driver itself waits for such a server, for four seconds at least.
        using var idleTime = IdleTime.OfThePool();
        var started = Stopwatch.GetTimestamp();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        time.Advance(TimeSpan.FromSeconds(15));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => late);
        var ended = Stopwatch.GetTimestamp();
        idleTime.Stop();
        Assert.InRange(idleTime.Between(started, ended), TimeSpan.Zero, TimeSpan.FromSeconds(3));

        await server.ThawAsync();
        await Eventually.BecomesTrueAsync(() => AnswersAsync(database), "the thawed server answers");
    }

    [Fact]
    [Trait("Spec", "T004-157")]
    [Trait("Spec", "T004-159")]
    public async Task Start_ServerComesLate_IsAwaitedAndTheServiceIsNotReadyBefore()
    {
        await using var server = await MariaDbServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync("late");
        await server.StopAsync();
        var time = new TestTimeProvider();

        // It waits three seconds before it listens without, a quarter of one between its tries.
        var starting = TestService.StartAsync(
            configure: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.AddMySqlDataSource("latedb", typeof(DatabaseOutageTests).Assembly);
            },
            settings: new() { ["ConnectionStrings:latedb"] = connectionString });
        Assert.False(starting.IsCompleted);
        await Eventually.BecomesTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return starting.IsCompleted;
            },
            "the service listens without");
        await using var service = await starting;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync(service));

        await server.StartAgainAsync();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return await ReadinessAsync(service) == HttpStatusCode.OK;
            },
            "the service is ready");
        await using var database = new TestDatabase(service.Services.GetRequiredService<Database>(), connectionString);
        Assert.Equal(3L, await database.ScalarAsync<long>("select count(*) from schema_version"));
    }

    private static async Task<HttpStatusCode> ReadinessAsync(TestService service)
    {
        using var response = await service.GetAsync("/health");
        return response.StatusCode;
    }

    private static async Task<bool> AnswersAsync(TestDatabase database)
    {
        try
        {
            return await database.ScalarAsync<int>("select 1") == 1;
        }
        catch (DatabaseUnavailableException)
        {
            return false;
        }
    }
}
