using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>Servers of their own that are killed, frozen, filled up and started again.</summary>
public sealed class RedisOutageTests
{
    private const string Script = "return redis.call('SET', KEYS[1], ARGV[1])";

    [Fact]
    public async Task Run_ServerKilledAndRestarted_FailsByNameThenRecoversAndSaysSo()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);
        var reconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        redis.Reconnected += () => reconnected.TrySetResult();
        var messages = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var subscription = await redis.SubscribeAsync("hint", message => messages.Writer.TryWrite(message!), CancellationToken.None);
        await SetAsync(redis, "before");
        await SetByScriptAsync(redis, "before");

        await server.KillAsync();

        await Assert.ThrowsAsync<RedisUnavailableException>(() => SetAsync(redis, "meanwhile"));
        await Eventually.BecomesTrueAsync(() => !redis.IsConnected, "the loss is noticed");
        Assert.False(reconnected.Task.IsCompleted);

        await server.StartAgainAsync();
        await reconnected.Task.WaitAsync(Eventually.Timeout);

        Assert.True(redis.IsConnected);
        Assert.Equal("before", await GetAsync(redis));
        await SetByScriptAsync(redis, "after");
        Assert.Equal("after", await GetAsync(redis));
        await Eventually.BecomesTrueAsync(async () => await PublishAsync(redis, "again") == 1, "the subscription is back");
        Assert.Equal("again", await messages.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Run_ServerFrozen_EndsAfterFiveSecondsAndThawRecovers()
    {
        await using var server = await RedisServer.StartAsync();
        var time = new TestTimeProvider();
        await using var redis = RedisClientTests.Open(server.ConnectionString, time);
        await SetAsync(redis, "before");

        await server.FreezeAsync();
        var frozen = GetAsync(redis);
        time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.False(frozen.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<RedisUnavailableException>(() => frozen.WaitAsync(Eventually.Timeout));
        await server.ThawAsync();
        await Eventually.BecomesTrueAsync(() => AnswersAsync(redis), "the thawed server answers");
        Assert.Equal("before", await GetAsync(redis));
    }

    [Fact]
    public async Task Run_ServerFrozenAtTheFirstCall_EndsForAllCallersTogether()
    {
        await using var server = await RedisServer.StartAsync();
        await server.FreezeAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);

        var started = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await Record.ExceptionAsync(() => GetAsync(redis))));

        Assert.All(calls, exception => Assert.IsType<RedisUnavailableException>(exception));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(12));
        await server.ThawAsync();
        await Eventually.BecomesTrueAsync(() => AnswersAsync(redis), "the thawed server answers");
    }

    [Fact]
    public async Task Run_NobodyThereAtFirst_FailsByNameThenRecovers()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);

        await Assert.ThrowsAsync<RedisUnavailableException>(() => SetAsync(redis, "early"));
        var messages = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var subscription = await redis.SubscribeAsync("hint", message => messages.Writer.TryWrite(message!), CancellationToken.None);
        Assert.False(redis.IsConnected);
        await server.StartAgainAsync();

        await Eventually.BecomesTrueAsync(() => AnswersAsync(redis), "the started server answers");
        await Eventually.BecomesTrueAsync(async () => await PublishAsync(redis, "now") == 1, "the subscription is made up for");
        Assert.Equal("now", await messages.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Run_ServerFull_IsUnavailableForWritesOnly()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);
        await SetAsync(redis, "before");

        await redis.RunAsync("CONFIG SET", database => database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"), CancellationToken.None);

        await Assert.ThrowsAsync<RedisUnavailableException>(() => SetAsync(redis, "after"));
        await Assert.ThrowsAsync<RedisUnavailableException>(() => SetByScriptAsync(redis, "after"));
        Assert.Equal("before", await GetAsync(redis));
    }

    [Fact]
    public async Task Run_ServerIsReplica_IsUnavailableForWrites()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);
        await SetAsync(redis, "before");

        await redis.RunAsync("REPLICAOF", database => database.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{FreePort.Next()}"), CancellationToken.None);

        await Assert.ThrowsAsync<RedisUnavailableException>(() => SetAsync(redis, "after"));
        await Assert.ThrowsAsync<RedisUnavailableException>(() => SetByScriptAsync(redis, "after"));
    }

    private static Task<bool> SetAsync(RedisClient redis, string value) =>
        redis.RunAsync("SET note", database => database.StringSetAsync("note", value, null, When.Always, CommandFlags.None), CancellationToken.None);

    private static Task<RedisResult> SetByScriptAsync(RedisClient redis, string value) =>
        redis.RunAsync("EVALSHA note", database => database.ScriptEvaluateAsync(Script, ["note"], [value]), CancellationToken.None);

    private static Task<long> PublishAsync(RedisClient redis, string message) => redis.RunAsync(
        "PUBLISH hint", database => database.PublishAsync(new RedisChannel("hint", RedisChannel.PatternMode.Literal), message), CancellationToken.None);

    private static async Task<string?> GetAsync(RedisClient redis) =>
        await redis.RunAsync("GET note", database => database.StringGetAsync("note"), CancellationToken.None);

    private static async Task<bool> AnswersAsync(RedisClient redis)
    {
        try
        {
            await GetAsync(redis);
            return true;
        }
        catch (RedisUnavailableException)
        {
            return false;
        }
    }
}
