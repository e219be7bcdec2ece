using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Telemetry;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class RedisClientTests
{
    private readonly string _key = $"defaults:{Guid.CreateVersion7():N}";

    [Fact]
    public async Task Run_SetAndGet_RoundTrips()
    {
        await using var redis = await OpenAsync();

        await redis.RunAsync("SET note", database => database.StringSetAsync(_key, "Zoë 🧠", null, When.Always, CommandFlags.None), CancellationToken.None);

        Assert.Equal("Zoë 🧠", (string?)await redis.RunAsync("GET note", database => database.StringGetAsync(_key), CancellationToken.None));
        Assert.True(redis.IsConnected);
    }

    [Fact]
    public async Task Run_FirstCallers_ShareOneConnection()
    {
        await using var redis = await OpenAsync();

        var clients = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            _ => redis.RunAsync("CLIENT ID", async database => (long)await database.ExecuteAsync("CLIENT", "ID"), CancellationToken.None)));

        Assert.Single(clients.Distinct());
    }

    [Fact]
    public async Task Run_Script_GivesItsResult()
    {
        await using var redis = await OpenAsync();

        Assert.Equal(7, await CountAsync(redis, 7));
        Assert.Equal(9, await CountAsync(redis, 2));
    }

    [Fact]
    public async Task Run_ScriptForgottenByTheServer_IsSentAgain()
    {
        await using var redis = await OpenAsync();
        await CountAsync(redis, 1);

        await redis.RunAsync("SCRIPT FLUSH", database => database.ExecuteAsync("SCRIPT", "FLUSH"), CancellationToken.None);

        Assert.Equal(2, await CountAsync(redis, 1));
    }

    [Fact]
    public async Task Run_RefusedByTheServer_IsNoOutage()
    {
        await using var redis = await OpenAsync();
        await redis.RunAsync("SET note", database => database.StringSetAsync(_key, "text", null, When.Always, CommandFlags.None), CancellationToken.None);

        var exception = await Assert.ThrowsAsync<RedisServerException>(
            () => redis.RunAsync("INCR note", database => database.StringIncrementAsync(_key), CancellationToken.None));

        Assert.Contains("not an integer", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", RedisReasons.OutOfMemory)]
    [InlineData("READONLY You can't write against a read only replica.", RedisReasons.ReadOnly)]
    [InlineData("LOADING Redis is loading the dataset in memory", RedisReasons.Loading)]
    [InlineData("NOAUTH Authentication required.", RedisReasons.AuthenticationFailed)]
    [InlineData("WRONGPASS invalid username-password pair or user is disabled.", RedisReasons.AuthenticationFailed)]
    [InlineData("NOPERM this user has no permissions to run the 'set' command", RedisReasons.NotPermitted)]
    [InlineData("MISCONF Redis is configured to save RDB snapshots", RedisReasons.WritesRefused)]
    [InlineData("NOREPLICAS Not enough good replicas to write.", RedisReasons.WritesRefused)]
    [InlineData("BUSY Redis is busy running a script.", RedisReasons.Busy)]
    [InlineData("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", RedisReasons.MasterDown)]
    [InlineData("CLUSTERDOWN The cluster is down", RedisReasons.MasterDown)]
    [InlineData("ERR Error running script (call to f_6b1b): @user_script:1: @user_script: 1: -OOM command not allowed", RedisReasons.OutOfMemory)]
    public async Task Run_ReplyOfAServerInTrouble_IsNamed(string reply, string reason)
    {
        await using var redis = await OpenAsync();

        var exception = await Assert.ThrowsAsync<RedisUnavailableException>(() => ReplyAsync(redis, reply));

        Assert.Equal(("redis.unavailable", reason), (exception.Code, exception.Reason));
        Assert.DoesNotContain(reply, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("ERR unknown command 'OOM'")]
    [InlineData("ERR Error compiling script (new function): user_script:1: '=' expected near 'READONLY'")]
    [InlineData("STALE the lease has another owner")]
    public async Task Run_ReplyToAFaultOfOurs_StaysWhatItIs(string reply)
    {
        await using var redis = await OpenAsync();

        var exception = await Assert.ThrowsAsync<RedisServerException>(() => ReplyAsync(redis, reply));

        Assert.Equal(reply, exception.Message);
    }

    [Fact]
    public async Task Run_FirstCallerGoesAway_OthersConnectAllTheSame()
    {
        await using var redis = await OpenAsync();
        using var cancellation = new CancellationTokenSource();

        var first = redis.RunAsync("GET note", database => database.StringGetAsync(_key), cancellation.Token);
        await cancellation.CancelAsync();
        var others = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CountAsync(redis, 1)));

        Assert.Equal(Enumerable.Range(1, 8).Select(count => (long)count), others.Order());
        Assert.True(await Record.ExceptionAsync(() => first) is null or OperationCanceledException);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheCaller()
    {
        await using var redis = await OpenAsync();
        await CountAsync(redis, 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => redis.RunAsync("WAIT", _ => new TaskCompletionSource<bool>().Task, new CancellationTokenSource(TimeSpan.FromMilliseconds(20)).Token));
    }

    [Fact]
    public async Task Run_Traced_IsCurrentInTheCallAndLeavesTheCallersSpanCurrent()
    {
        await using var redis = await OpenAsync();
        using var listener = Listen();
        using var caller = new Activity("caller").Start();
        Activity? inside = null;

        var answer = redis.RunAsync(
            "GET note",
            database =>
            {
                inside = Activity.Current;
                return database.StringGetAsync(_key);
            },
            CancellationToken.None);

        Assert.Same(caller, Activity.Current);
        await answer;
        Assert.Equal(("GET note", caller.SpanId, true), (inside!.DisplayName, inside.ParentSpanId, inside.IsStopped));
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task Run_TracedAndRefusedForAFaultOfOurs_SpanSaysWhichExceptionItWas()
    {
        await using var redis = await OpenAsync();
        using var listener = Listen();
        Activity? span = null;

        await Assert.ThrowsAsync<RedisServerException>(() => redis.RunAsync(
            "EVAL nothing",
            database =>
            {
                span = Activity.Current;
                return database.ExecuteAsync("EVAL", "no script", 0);
            },
            CancellationToken.None));

        Assert.Equal((ActivityStatusCode.Error, typeof(RedisServerException).FullName), (span!.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Subscribe_Message_ReachesTheHandlerUntilDisposed()
    {
        await using var redis = await OpenAsync();
        var received = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var subscription = await redis.SubscribeAsync(_key, message => received.Writer.TryWrite(message!), CancellationToken.None);

        await PublishAsync(redis, "one");
        Assert.Equal("one", await received.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
        await subscription.DisposeAsync();

        Assert.Equal(0, await PublishAsync(redis, "two"));
        Assert.False(received.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Subscribe_TwoHandlersOfOneChannel_EndIndependently()
    {
        await using var redis = await OpenAsync();
        var (first, second) = (System.Threading.Channels.Channel.CreateUnbounded<string>(), System.Threading.Channels.Channel.CreateUnbounded<string>());
        var subscription = await redis.SubscribeAsync(_key, message => first.Writer.TryWrite(message!), CancellationToken.None);
        await using var other = await redis.SubscribeAsync(_key, message => second.Writer.TryWrite(message!), CancellationToken.None);

        await subscription.DisposeAsync();
        await PublishAsync(redis, "one");

        Assert.Equal("one", await second.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
        Assert.False(first.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Run_WrongPassword_IsUnavailableAndSaysNoPassword()
    {
        var server = (await DataServers.StartAsync()).Redis;
        await using var redis = Open($"localhost:{server.Port},password=wrong-one");

        var exception = await Assert.ThrowsAsync<RedisUnavailableException>(() => CountAsync(redis, 1));

        Assert.Equal(("redis.unavailable", RedisReasons.AuthenticationFailed), (exception.Code, exception.Reason));
        Assert.DoesNotContain("wrong-one", exception.ToString(), StringComparison.Ordinal);
    }

    internal static RedisClient Open(string connectionString, TimeProvider? timeProvider = null) =>
        new(connectionString, timeProvider ?? TimeProvider.System, NullLogger<RedisClient>.Instance);

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetrySources.Data.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task<RedisClient> OpenAsync() => Open((await DataServers.StartAsync()).RedisConnectionString);

    private Task<long> CountAsync(RedisClient redis, int by) => redis.RunAsync(
        "EVALSHA count",
        async database => (long)await database.ScriptEvaluateAsync("return redis.call('INCRBY', KEYS[1], ARGV[1])", [_key], [by]),
        CancellationToken.None);

    // A real reply of the server, with the text of our choice.
    private static Task<RedisResult> ReplyAsync(RedisClient redis, string reply) => redis.RunAsync(
        "EVALSHA reply", database => database.ScriptEvaluateAsync("return redis.error_reply(ARGV[1])", [], [reply]), CancellationToken.None);

    private Task<long> PublishAsync(RedisClient redis, string message) =>
        redis.RunAsync("PUBLISH note", database => database.PublishAsync(new RedisChannel(_key, RedisChannel.PatternMode.Literal), message), CancellationToken.None);
}
