using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>Servers of their own that are killed, frozen, filled up and started again.</summary>
public sealed class RedisOutageTests
{
    private const string Watched = ",name=watched";
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
        await AnswersAgainAsync(redis, time, "the thawed server answers");
        Assert.Equal("before", await GetAsync(redis));
    }

    [Fact]
    public async Task Run_ServerFrozenAtTheFirstCall_EndsForAllCallersTogether()
    {
        await using var server = await RedisServer.StartAsync();
        await server.FreezeAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);

        using var idleTime = IdleTime.OfThePool();
        var started = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await Record.ExceptionAsync(() => GetAsync(redis))));

        var ended = Stopwatch.GetTimestamp();
        idleTime.Stop();
        Assert.All(calls, exception => Assert.IsType<RedisUnavailableException>(exception));
        Assert.InRange(idleTime.Between(started, ended), TimeSpan.Zero, TimeSpan.FromSeconds(12));
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

        Assert.Equal(RedisReasons.OutOfMemory, await ReasonAsync(() => SetAsync(redis, "after")));
        Assert.Equal(RedisReasons.OutOfMemory, await ReasonAsync(() => SetByScriptAsync(redis, "after")));
        Assert.Equal("before", await GetAsync(redis));
    }

    [Fact]
    public async Task Run_ServerIsReplica_IsUnavailableForWrites()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);
        await SetAsync(redis, "before");

        await redis.RunAsync("REPLICAOF", database => database.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{FreePort.Next()}"), CancellationToken.None);

        Assert.Equal(RedisReasons.ReadOnly, await ReasonAsync(() => SetAsync(redis, "after")));
        Assert.Equal(RedisReasons.ReadOnly, await ReasonAsync(() => SetByScriptAsync(redis, "after")));
    }

    [Fact]
    public async Task Run_ServerBusyWithAScript_IsNamedAndEndsWithIt()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);
        await using var other = RedisClientTests.Open(server.ConnectionString);
        await SetAsync(redis, "before");
        await redis.RunAsync("CONFIG SET", database => database.ExecuteAsync("CONFIG", "SET", "busy-reply-threshold", "1"), CancellationToken.None);

        var looping = other.RunAsync("EVALSHA loop", database => database.ScriptEvaluateAsync("while true do end"), CancellationToken.None);
        await Eventually.BecomesTrueAsync(async () => await ReasonAsync(() => GetAsync(redis)) == RedisReasons.Busy, "the server says it is busy");
        await redis.RunAsync("SCRIPT KILL", database => database.ExecuteAsync("SCRIPT", "KILL"), CancellationToken.None);

        await Assert.ThrowsAsync<RedisServerException>(() => looping);
        Assert.Equal("before", await GetAsync(redis));
        Assert.True(await SetAsync(redis, "after"));
    }

    [Fact]
    public async Task Run_PasswordChangedAndBack_IsNamedThenRecovers()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisClientTests.Open(server.ConnectionString);
        await SetAsync(redis, "before");
        var password = server.ConnectionString.Split("password=")[1];
        var changed = RedisClientTests.Open($"localhost:{server.Port},password=changed");
        await redis.RunAsync("CONFIG SET", database => database.ExecuteAsync("CONFIG", "SET", "requirepass", "changed"), CancellationToken.None);

        await changed.RunAsync("CLIENT KILL", database => database.ExecuteAsync("CLIENT", "KILL", "SKIPME", "yes"), CancellationToken.None);
        await Eventually.BecomesTrueAsync(
            async () => await ReasonAsync(() => GetAsync(redis)) == RedisReasons.AuthenticationFailed, "the credentials are refused");
        await changed.RunAsync("CONFIG SET", database => database.ExecuteAsync("CONFIG", "SET", "requirepass", password), CancellationToken.None);

        await Eventually.BecomesTrueAsync(() => AnswersAsync(redis), "the credentials are accepted again");
        await changed.DisposeAsync();
    }

    [Fact]
    public async Task Run_ConnectionFallsSilent_IsReplacedWithItsSubscriptions()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = FaultProxy.Start(server.Port);
        var time = new TestTimeProvider();
        await using var redis = RedisClientTests.Open(server.ConnectionString.Replace($":{server.Port}", $":{proxy.Port}", StringComparison.Ordinal), time);
        var messages = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var subscription = await redis.SubscribeAsync("hint", message => messages.Writer.TryWrite(message!), CancellationToken.None);
        var reconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        redis.Reconnected += () => reconnected.TrySetResult();
        await SetAsync(redis, "before");

        proxy.FallSilent();
        var unanswered = GetAsync(redis);
        time.Advance(TimeSpan.FromSeconds(5));
        var exception = await Assert.ThrowsAsync<RedisUnavailableException>(() => unanswered.WaitAsync(Eventually.Timeout));
        proxy.Heal();

        Assert.Equal((RedisReasons.Timeout, "Redis did not answer within 5 s."), (exception.Reason, exception.Message));
        await reconnected.Task.WaitAsync(Eventually.Timeout);
        Assert.Equal("before", await GetAsync(redis));
        await Eventually.BecomesTrueAsync(async () => await PublishAsync(redis, "again") == 1, "the old connection is gone and the new one listens");
        Assert.Equal("again", await messages.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
        await subscription.DisposeAsync();
        Assert.Equal(0, await PublishAsync(redis, "nobody listens"));
    }

    [Fact]
    public async Task Run_NewConnectionAnswersButItsSubscriptionsFallSilent_IsReplacedToo()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = FaultProxy.Start(server.Port);
        var time = new TestTimeProvider();
        await using var redis = RedisClientTests.Open(server.ConnectionString.Replace($":{server.Port}", $":{proxy.Port}", StringComparison.Ordinal), time);
        var messages = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var subscription = await redis.SubscribeAsync("hint", message => messages.Writer.TryWrite(message!), CancellationToken.None);
        var reconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        redis.Reconnected += () => reconnected.TrySetResult();

        // The library opens two: first one for calls, then one for subscriptions.
        proxy.FallSilent();
        var unanswered = GetAsync(redis);
        proxy.Heal();
        proxy.SilenceOne(after: 1);
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<RedisUnavailableException>(() => unanswered.WaitAsync(Eventually.Timeout));

        await reconnected.Task.WaitAsync(Eventually.Timeout);
        await Eventually.BecomesTrueAsync(async () => await PublishAsync(redis, "again") == 1, "the new connection listens");
        Assert.Equal("again", await messages.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
    }

    // Nobody calls on that connection, so no call tells that it is gone.
    [Fact]
    public async Task Subscription_FallsSilentAlone_IsReplacedAndACallUnderWayIsAnswered()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = FaultProxy.Start(server.Port);
        await using var aside = RedisClientTests.Open(server.ConnectionString);
        var time = new TestTimeProvider();
        await using var redis = RedisClientTests.Open(server.ConnectionString.Replace($":{server.Port}", $":{proxy.Port}", StringComparison.Ordinal) + Watched, time);
        var messages = System.Threading.Channels.Channel.CreateUnbounded<string>();
        _ = await redis.SubscribeAsync("hint", message => messages.Writer.TryWrite(message!), CancellationToken.None);
        var reconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        redis.Reconnected += () => reconnected.TrySetResult();
        await SetAsync(redis, "before");

        // What replaces it takes a while, so that the call goes over the old one.
        proxy.FallSilent(await ListenersPortAsync(aside));
        proxy.DelayReplies(TimeSpan.FromMilliseconds(50));
        await TextAsync(aside, "CLIENT", "PAUSE", "60000", "WRITE");
        await Eventually.BecomesTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return proxy.Accepted > 2;
            },
            "another connection is tried");
        var underWay = SetAsync(redis, "under way");
        await reconnected.Task.WaitAsync(Eventually.Timeout);
        await TextAsync(aside, "CLIENT", "UNPAUSE");

        Assert.True(await underWay);
        Assert.Equal("under way", await GetAsync(redis));
        await Eventually.BecomesTrueAsync(async () => await PublishAsync(redis, "again") > 0, "the new connection listens");
        Assert.Equal("again", await messages.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Subscribe_GivenUpOnAFrozenServer_LeavesNoListenerBehind()
    {
        await using var server = await RedisServer.StartAsync();
        var time = new TestTimeProvider();
        await using var redis = RedisClientTests.Open(server.ConnectionString, time);
        await SetAsync(redis, "before");
        await server.FreezeAsync();

        var unanswered = redis.SubscribeAsync("hint", _ => { }, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<RedisUnavailableException>(() => unanswered.WaitAsync(Eventually.Timeout));
        await server.ThawAsync();

        await AnswersAgainAsync(redis, time, "the thawed server answers");
        await Eventually.BecomesTrueAsync(async () => await PublishAsync(redis, "anybody?") == 0, "nobody listens");
    }

    [Fact]
    public async Task Subscriptions_EndedAllAtOnceOnASilentConnection_DoNotMoveToTheNextOne()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = FaultProxy.Start(server.Port);
        var time = new TestTimeProvider();
        await using var redis = RedisClientTests.Open(server.ConnectionString.Replace($":{server.Port}", $":{proxy.Port}", StringComparison.Ordinal), time);
        await using var kept = await redis.SubscribeAsync("kept", _ => { }, CancellationToken.None);
        var ended = new List<IAsyncDisposable>();
        for (var index = 0; index < 20; index++)
        {
            ended.Add(await redis.SubscribeAsync("hint", _ => { }, CancellationToken.None));
            ended.Add(await redis.SubscribeAsync($"hint {index}", _ => { }, CancellationToken.None));
        }

        proxy.FallSilent();
        var ending = Task.WhenAll(ended.Select(subscription => subscription.DisposeAsync().AsTask()));
        var unanswered = GetAsync(redis);
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<RedisUnavailableException>(() => unanswered.WaitAsync(Eventually.Timeout));
        await ending.WaitAsync(Eventually.Timeout);
        proxy.Heal();

        await AnswersAgainAsync(redis, time, "the new connection answers");
        await Eventually.BecomesTrueAsync(async () => (await ChannelsAsync(redis)) is ["kept"], "only what was not ended is listened to");
    }

    // id=7 addr=127.0.0.1:50412 laddr=... fd=9 name=watched age=1 ... sub=2 ...
    private static async Task<int> ListenersPortAsync(RedisClient redis) => int.Parse(
        System.Text.RegularExpressions.Regex.Match(await TextAsync(redis, "CLIENT", "LIST", "TYPE", "pubsub"), @" addr=\S*:(\d+) .* name=watched ").Groups[1].Value,
        System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> TextAsync(RedisClient redis, string command, params object[] arguments) =>
        (string)(await redis.RunAsync(command, database => database.ExecuteAsync(command, arguments), CancellationToken.None))!;

    private static async Task<string[]> ChannelsAsync(RedisClient redis) =>
        (string[])(await redis.RunAsync("PUBSUB CHANNELS", database => database.ExecuteAsync("PUBSUB", "CHANNELS", "[hk]*"), CancellationToken.None))!;

    private static async Task<string?> ReasonAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RedisUnavailableException exception)
        {
            return exception.Reason;
        }
    }

    private static Task<bool> SetAsync(RedisClient redis, string value) =>
        redis.RunAsync("SET note", database => database.StringSetAsync("note", value, null, When.Always, CommandFlags.None), CancellationToken.None);

    private static Task<RedisResult> SetByScriptAsync(RedisClient redis, string value) =>
        redis.RunAsync("EVALSHA note", database => database.ScriptEvaluateAsync(Script, ["note"], [value]), CancellationToken.None);

    private static Task<long> PublishAsync(RedisClient redis, string message) => redis.RunAsync(
        "PUBLISH hint", database => database.PublishAsync(new RedisChannel("hint", RedisChannel.PatternMode.Literal), message), CancellationToken.None);

    private static async Task<string?> GetAsync(RedisClient redis) =>
        await redis.RunAsync("GET note", database => database.StringGetAsync("note"), CancellationToken.None);

    // A call that went out over a connection which is replaced just then ends by its bound only, so time goes on.
    private static Task AnswersAgainAsync(RedisClient redis, TestTimeProvider time, string what)
    {
        var answering = AnswersAsync(redis);
        return Eventually.BecomesTrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(20));
                var answers = answering.IsCompleted && await answering;
                answering = answering.IsCompleted && !answers ? AnswersAsync(redis) : answering;
                return answers;
            },
            what);
    }

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
