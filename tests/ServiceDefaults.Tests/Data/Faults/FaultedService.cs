using System.Diagnostics;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>A service with servers of its own, a fault proxy before each, two hundred callers and somebody who watches the pool.</summary>
internal sealed class FaultedService : IAsyncDisposable
{
    /// <summary>What a call may take in these tests, in seconds; Redis' own bound is the same.</summary>
    public const int CallBound = 5;

    private static readonly TimeSpan TruthTakes = TimeSpan.FromSeconds(5);

    private readonly ITestOutputHelper _output;
    private readonly IdleTime _idleTime = IdleTime.OfThePool();

    // When /health was asked for the truth, and when it told it.
    private readonly List<(long Asked, long Told)> _truths = [];

    private FaultedService(
        ITestOutputHelper output, RedisServer redisServer, MariaDbServer mariaDb, FaultProxy redisProxy, FaultProxy mariaDbProxy, string user, TestService service)
    {
        _output = output;
        RedisServer = redisServer;
        MariaDb = mariaDb;
        RedisProxy = redisProxy;
        MariaDbProxy = mariaDbProxy;
        User = user;
        Service = service;
        Callers = new(service.Services.GetRequiredService<RedisClient>(), Database);
        Operator = TestDatabase.Open(mariaDb.ConnectionString, new DatabaseOptions { Connections = 1 });
        RedisOperator = RedisClientTests.Open(redisServer.ConnectionString);
    }

    public RedisServer RedisServer { get; }

    public MariaDbServer MariaDb { get; }

    public FaultProxy RedisProxy { get; }

    public FaultProxy MariaDbProxy { get; }

    /// <summary>The account of the service, which may do less than the operator's.</summary>
    public string User { get; }

    public TestService Service { get; }

    public Callers Callers { get; }

    private PoolLateness? Lateness { get; set; }

    /// <summary>The longest that /health took to say what was true.</summary>
    private TimeSpan SlowestTruth { get; set; }

    public TestDatabase Operator { get; }

    public RedisClient RedisOperator { get; }

    public Database Database => Service.Services.GetRequiredService<Database>();

    /// <param name="beforeStart">What happens to the servers before the service starts.</param>
    public static async Task<FaultedService> StartAsync(ITestOutputHelper output, Func<RedisServer, MariaDbServer, Task>? beforeStart = null)
    {
        var redis = await RedisServer.StartAsync();
        var mariaDb = await MariaDbServer.StartAsync();
        var (redisProxy, mariaDbProxy) = (FaultProxy.Start(redis.Port), FaultProxy.Start(mariaDb.Port));
        var connectionString = await mariaDb.CreateDatabaseAsync("faults");
        var user = $"service_{Guid.CreateVersion7():N}"[..20];
        await using (var making = TestDatabase.Open(connectionString))
        {
            await making.ExecuteAsync($"create user {user}@'127.0.0.1' identified by 'right'");
            await making.ExecuteAsync($"grant select, insert, update, delete, create, alter, drop on {connectionString.Split("Database=")[1]}.* to {user}@'127.0.0.1'");
            await making.ExecuteAsync("create table fault (caller int primary key, value varchar(100) not null) character set utf8mb4");
        }

        await (beforeStart?.Invoke(redis, mariaDb) ?? Task.CompletedTask);
        var service = await TestService.StartAsync(
            configure: builder =>
            {
                builder.AddMySqlDataSource("db", typeof(FaultedService).Assembly);
                builder.AddRedisClient("redis");
            },
            settings: new()
            {
                ["ConnectionStrings:db"] = $"Server=127.0.0.1;Port={mariaDbProxy.Port};User ID={user};Password=right;Database={connectionString.Split("Database=")[1]}",
                ["ConnectionStrings:redis"] = redis.ConnectionString.Replace($":{redis.Port}", $":{redisProxy.Port}", StringComparison.Ordinal),
                ["Database:TimeoutSeconds"] = $"{CallBound}",
            });
        var faulted = new FaultedService(output, redis, mariaDb, redisProxy, mariaDbProxy, user, service);
        if (beforeStart is null)
        {
            await faulted.HealthBecomesAsync("Healthy", "Healthy");
            faulted.Callers.Start();
            await Eventually.BecomesTrueAsync(() => faulted.Callers.Succeeded > 400, "the callers are at it");
            faulted.WatchPool();
        }

        return faulted;
    }

    /// <summary>From now on, when all that runs has been compiled.</summary>
    public void WatchPool() => (Lateness, SlowestTruth) = (new(), TimeSpan.Zero);

    public Task CallersMeetAsync(string reason) => Eventually.BecomesTrueAsync(() => Callers.Failures.Contains(reason), $"a caller hears {reason}");

    /// <summary>Asks /health until it says this of both. In the end it is seen whether it did so within five seconds.</summary>
    public async Task HealthBecomesAsync(string mysql, string redis)
    {
        var started = Stopwatch.GetTimestamp();
        var expected = $"mysql {mysql}, redis {redis}";
        var said = "";
        try
        {
            await Eventually.BecomesTrueAsync(async () => (said = await HealthAsync()) == expected, $"/health says '{expected}'");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"/health still says '{said}'.", exception);
        }

        _truths.Add((started, Stopwatch.GetTimestamp()));
        SlowestTruth = Max(SlowestTruth, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Status, or status and description: <c>mysql Unhealthy (The database could not be reached.), redis Healthy</c>.</summary>
    public async Task<string> HealthAsync()
    {
        using var response = await Service.GetAsync("/health");
        using var health = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return string.Join(", ", health.RootElement.GetProperty("checks").EnumerateObject().Select(check =>
            $"{check.Name} {check.Value.GetProperty("status").GetString()}"
            + (check.Value.TryGetProperty("description", out var description) ? $" ({description.GetString()})" : "")));
    }

    public Task<RedisResultOf> AskRedisAsOperatorAsync(string command, params object[] arguments) => RedisOperator.RunAsync(
        command, async database => new RedisResultOf((await database.ExecuteAsync(command, arguments)).ToString()), CancellationToken.None);

    /// <summary>After the fault: everybody is served again, everything had a name and a bound, and the pool was never held up.</summary>
    /// <param name="fault">What the figures are written down under.</param>
    public async Task EndsWellAsync(string fault, params string[] expectedFailures)
    {
        var ended = Stopwatch.GetTimestamp();
        var truth = SlowestTruth;
        await HealthBecomesAsync("Healthy", "Healthy");
        var recovered = Stopwatch.GetElapsedTime(ended);
        await Callers.StopAsync();
        await Callers.AllGetTheirOwnAsync();
        var lateness = await Lateness!.StopAsync();
        _output.WriteLine(
            $"fault: {fault} | health said so within {truth.TotalMilliseconds:0} ms | longest call {Callers.Longest.TotalMilliseconds:0} ms | "
            + $"all healthy {recovered.TotalMilliseconds:0} ms after its end | pool late by {Max(lateness, TimeSpan.Zero).TotalMilliseconds:0} ms");

        Assert.Empty(Callers.Failures.Except(expectedFailures));
        _idleTime.Stop();
        Assert.All(Callers.Slow, call => Assert.InRange(_idleTime.Between(call.Started, call.Ended), TimeSpan.Zero, TimeSpan.FromSeconds(CallBound + 1)));
        Assert.All(_truths, truth => Assert.InRange(_idleTime.Between(truth.Asked, truth.Told), TimeSpan.Zero, TruthTakes));
        Assert.InRange(lateness, TimeSpan.MinValue, TimeSpan.FromMilliseconds(100));
        await using var fresh = TestDatabase.Open(MariaDb.ConnectionString);
        await fresh.UntilNoTransactionIsOpenAsync();
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    public async ValueTask DisposeAsync()
    {
        await Callers.DisposeAsync();
        await (Lateness?.DisposeAsync() ?? ValueTask.CompletedTask);
        _idleTime.Dispose();
        await Service.DisposeAsync();
        await Operator.DisposeAsync();
        await RedisOperator.DisposeAsync();
        await RedisProxy.DisposeAsync();
        await MariaDbProxy.DisposeAsync();
        await RedisServer.DisposeAsync();
        await MariaDb.DisposeAsync();
    }
}

internal sealed record RedisResultOf(string? Text);
