using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;
using Xunit.Abstractions;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>
/// Each fault of both servers under two hundred callers: named errors in time, a free pool, true health, and all well afterwards.
/// Alone in the process, because its thread pool is watched.
/// </summary>
[CollectionDefinition(nameof(FaultTests), DisableParallelization = true)]
[Collection(nameof(FaultTests))]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const string NoDatabase = "Unhealthy (The database could not be reached.)";
    private const string NoRedis = "Degraded (Redis could not be reached.)";

    // The length of the fault: a new connection is tried after a second, and again.
    private static readonly TimeSpan LongEnoughToTryAgain = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Fault_ServersKilledAndRestarted_RecoversByItself()
    {
        await using var faulted = await FaultedService.StartAsync(output);
        var cutOff = InsertAndSleepAsync(faulted, "is cut off");
        await faulted.Operator.UntilRunningAsync("is cut off", 1);

        await Task.WhenAll(faulted.RedisServer.KillAsync(), faulted.MariaDb.KillAsync());
        await faulted.HealthBecomesAsync(NoDatabase, NoRedis);
        Assert.Equal(DatabaseReasons.ConnectionLost, await DatabaseFailuresTests.ReasonAsync(() => cutOff));
        await Task.WhenAll(faulted.RedisServer.StartAgainAsync(), faulted.MariaDb.StartAgainAsync());

        await faulted.EndsWellAsync(
            "killed and restarted", RedisReasons.ConnectionLost, RedisReasons.Unreachable, DatabaseReasons.ConnectionLost, DatabaseReasons.Unreachable);
        Assert.Equal(0, await faulted.Database.RunAsync((connection, _) => connection.ExecuteScalarAsync<int>("select count(*) from note"), CancellationToken.None));
    }

    [Fact]
    public async Task Fault_ServersFrozenForTenSeconds_CallsEndAndThawRecovers()
    {
        await using var faulted = await FaultedService.StartAsync(output);

        await Task.WhenAll(faulted.RedisServer.FreezeAsync(), faulted.MariaDb.FreezeAsync());
        var frozen = Task.Delay(TimeSpan.FromSeconds(10));
        await faulted.HealthBecomesAsync("Unhealthy (The database did not answer within 2 s.)", "Degraded (Redis did not answer within 2 s.)");
        await frozen;
        await faulted.CallersMeetAsync(RedisReasons.Timeout);
        await faulted.CallersMeetAsync(DatabaseReasons.Timeout);
        await Task.WhenAll(faulted.RedisServer.ThawAsync(), faulted.MariaDb.ThawAsync());

        await faulted.EndsWellAsync("frozen for 10 s", RedisReasons.Timeout, DatabaseReasons.Timeout, DatabaseReasons.Unreachable);
    }

    [Fact]
    public async Task Fault_RepliesSlow_EveryCallSucceeds()
    {
        await using var faulted = await FaultedService.StartAsync(output);

        faulted.RedisProxy.DelayReplies(TimeSpan.FromMilliseconds(100));
        faulted.MariaDbProxy.DelayReplies(TimeSpan.FromMilliseconds(100));
        var before = faulted.Callers.Succeeded;
        await Eventually.BecomesTrueAsync(() => faulted.Callers.Succeeded > before + 800, "eight hundred slow calls");
        await faulted.HealthBecomesAsync("Healthy", "Healthy");
        faulted.RedisProxy.Heal();
        faulted.MariaDbProxy.Heal();

        await faulted.EndsWellAsync("replies 100 ms late");
    }

    [Fact]
    public async Task Fault_RepliesCutMidway_NoAnswerGoesToAnother()
    {
        await using var faulted = await FaultedService.StartAsync(output);

        await Task.WhenAll(CutAsync(faulted.RedisProxy, [0, 1, 4, 9, 40]), CutAsync(faulted.MariaDbProxy, Enumerable.Range(0, 60)));
        faulted.RedisProxy.Heal();
        faulted.MariaDbProxy.Heal();

        await faulted.EndsWellAsync(
            "replies cut", RedisReasons.ConnectionLost, RedisReasons.Unreachable, DatabaseReasons.ConnectionLost, DatabaseReasons.Unreachable);
        Assert.Contains(RedisReasons.ConnectionLost, faulted.Callers.Failures);
        Assert.Contains(DatabaseReasons.ConnectionLost, faulted.Callers.Failures);
    }

    [Fact]
    public async Task Fault_ServersRefuseWrites_IsNamedAndEndsWithTheRefusal()
    {
        await using var faulted = await FaultedService.StartAsync(output);

        await faulted.AskRedisAsOperatorAsync("CONFIG", "SET", "maxmemory", "1");
        await faulted.Operator.ExecuteAsync("set global read_only = 1");
        await faulted.HealthBecomesAsync("Degraded (The database is read-only.)", "Degraded (Redis is out of memory.)");
        await faulted.CallersMeetAsync(RedisReasons.OutOfMemory);
        await faulted.AskRedisAsOperatorAsync("CONFIG", "SET", "maxmemory", "0");
        await faulted.AskRedisAsOperatorAsync("CONFIG", "SET", "min-replicas-to-write", "3");
        await faulted.HealthBecomesAsync("Degraded (The database is read-only.)", "Degraded (Redis refuses writes.)");
        await faulted.CallersMeetAsync(RedisReasons.WritesRefused);
        await faulted.AskRedisAsOperatorAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        await faulted.AskRedisAsOperatorAsync("REPLICAOF", "127.0.0.1", $"{FreePort.Next()}");
        await faulted.HealthBecomesAsync("Degraded (The database is read-only.)", "Degraded (Redis is read-only.)");
        await faulted.CallersMeetAsync(RedisReasons.ReadOnly);
        await faulted.AskRedisAsOperatorAsync("REPLICAOF", "NO", "ONE");
        await faulted.Operator.ExecuteAsync("set global read_only = 0");

        await faulted.EndsWellAsync("writes refused", RedisReasons.OutOfMemory, RedisReasons.WritesRefused, RedisReasons.ReadOnly, DatabaseReasons.ReadOnly);
        Assert.Equal(
            [DatabaseReasons.ReadOnly, RedisReasons.OutOfMemory, RedisReasons.ReadOnly, RedisReasons.WritesRefused], faulted.Callers.Failures);
    }

    [Fact]
    public async Task Fault_PasswordsChanged_IsNamedAndEndsWithTheChange()
    {
        await using var faulted = await FaultedService.StartAsync(output);
        var password = faulted.RedisServer.ConnectionString.Split("password=")[1];

        await faulted.AskRedisAsOperatorAsync("CONFIG", "SET", "requirepass", "changed");
        await faulted.Operator.ExecuteAsync($"alter user {faulted.User}@'127.0.0.1' identified by 'changed'");
        faulted.RedisProxy.CutAll();
        faulted.MariaDbProxy.CutAll();
        await faulted.HealthBecomesAsync(
            "Unhealthy (The database does not accept our credentials.)", "Degraded (Redis does not accept our credentials.)");
        await faulted.AskRedisAsOperatorAsync("CONFIG", "SET", "requirepass", password);
        await faulted.Operator.ExecuteAsync($"alter user {faulted.User}@'127.0.0.1' identified by 'right'");

        await faulted.EndsWellAsync(
            "passwords changed", RedisReasons.ConnectionLost, RedisReasons.Unreachable, RedisReasons.AuthenticationFailed,
            DatabaseReasons.ConnectionLost, DatabaseReasons.AuthenticationFailed);
    }

    [Fact]
    public async Task Fault_NoRedisAtStart_ServiceStartsAndFindsItLater()
    {
        await using var faulted = await FaultedService.StartAsync(output, beforeStart: (redis, _) => redis.KillAsync());

        await faulted.HealthBecomesAsync("Healthy", NoRedis);
        faulted.Callers.Start();
        await faulted.CallersMeetAsync(RedisReasons.Unreachable);
        faulted.WatchPool();
        await Task.Delay(LongEnoughToTryAgain);
        await faulted.RedisServer.StartAgainAsync();

        await faulted.EndsWellAsync("no Redis at start", RedisReasons.Unreachable, RedisReasons.ConnectionLost);
    }

    [Fact]
    public async Task Fault_NoDatabaseAtStart_ServiceStartsSaysSoAndMigratesLater()
    {
        await using var faulted = await FaultedService.StartAsync(output, beforeStart: (_, mariaDb) => mariaDb.KillAsync());

        await faulted.HealthBecomesAsync(NoDatabase, "Healthy");
        faulted.Callers.Start();
        await faulted.CallersMeetAsync(DatabaseReasons.Unreachable);
        faulted.WatchPool();
        await Task.Delay(LongEnoughToTryAgain);
        await faulted.MariaDb.StartAgainAsync();

        await faulted.EndsWellAsync("no database at start", DatabaseReasons.Unreachable, DatabaseReasons.ConnectionLost);
        Assert.Equal([1, 2, 10], await faulted.Database.RunAsync(
            async (connection, _) => (await connection.QueryAsync<int>("select version from schema_version order by version")).ToList(), CancellationToken.None));
    }

    private static async Task CutAsync(FaultProxy proxy, IEnumerable<int> places)
    {
        foreach (var place in places)
        {
            proxy.CutReplies(place);
            await Eventually.BecomesTrueAsync(() => proxy.CutsLeft == 0, "a reply is cut");
        }
    }

    private static Task InsertAndSleepAsync(FaultedService faulted, string text) => faulted.Database.RunInTransactionAsync(
        async (connection, transaction, token) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into note (id, name) values (@id, 'half')", new { id = Guid.CreateVersion7() }, transaction, cancellationToken: token));
            await connection.ExecuteAsync(new CommandDefinition($"select sleep(60), '{text}'", null, transaction, cancellationToken: token));
        },
        CancellationToken.None);
}
