using System.Net;
using System.Text;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Gateway.Caching;

/// <summary>Who is answered with whose reply, and what lies in Redis of it.</summary>
public sealed class CacheScopeTests : IAsyncLifetime
{
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"prompt-of-a-client"}]}""";
    private const string Shared = """{"model":"m","messages":[{"role":"user","content":"prompt-of-a-client"}],"cache":{"scope":"practice"}}""";

    private readonly TestToken _user = new();
    private ModelServer? _model;

    private ModelServer Model => _model!;

    private TestToken Colleague => _user with { UserId = Guid.CreateVersion7() };

    // The very ids of the user, in another practice.
    private TestToken Elsewhere => _user with { PracticeId = Guid.CreateVersion7() };

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        var count = 0;
        Model.Respond = _ => ModelReply.Text($"reply-number-{Interlocked.Increment(ref count)}");
    }

    public async Task DisposeAsync() => await Model.DisposeAsync();

    [Theory]
    [InlineData("", Body, "true", "false", "false")]
    [InlineData("cache: { scope: practice },", Body, "true", "true", "false")]
    [InlineData("", Shared, "true", "true", "false")]
    [InlineData("cache: { scope: practice },", """{"model":"m","messages":[],"cache":{"scope":"user"}}""", "true", "false", "false")]
    [InlineData("cache: off,", Body, "false", "false", "false")]
    [InlineData("cache: off,", """{"model":"m","messages":[],"cache":{"use-cache":true}}""", "false", "false", "false")]
    public async Task Ask_WhatAnotherAsked_IsAnsweredWithinItsScopeOnly(string group, string body, string own, string colleague, string elsewhere)
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, group);
        await host.AskAsync(body, _user);

        var hits = new List<string>();
        foreach (var caller in (TestToken[])[_user, Colleague, Elsewhere])
        {
            hits.Add((await host.AskAsync(body, caller)).Hit);
        }

        Assert.Equal([own, colleague, elsewhere], hits);
        Assert.Equal(1 + hits.Count(hit => hit == "false"), Model.Requests.Count);
    }

    [Fact]
    public async Task Ask_KeptResponseOfAColleague_IsNotShared()
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, "cache: { scope: practice },");
        const string kept = """{"model":"m","input":"Hi"}""";
        const string unkept = """{"model":"m","input":"Hi","store":false}""";
        await host.AskAsync(kept, _user, "/v1/responses");
        await host.AskAsync(unkept, _user, "/v1/responses");

        Assert.Equal("false", (await host.AskAsync(kept, Colleague, "/v1/responses")).Hit);
        Assert.Equal("true", (await host.AskAsync(unkept, Colleague, "/v1/responses")).Hit);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", "", "false")]
    [InlineData("""{"model":"m","messages":[],"cache":{"use-cache":true}}""", "", "true")]
    [InlineData("""{"model":"m","messages":[]}""", "cache: { runs: true },", "true")]
    public async Task Ask_ForAnAgentsRun_UsesTheCacheWhenAskedToOnly(string body, string group, string hit)
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, group);
        var run = _user with { RunId = Guid.CreateVersion7() };
        await host.AskAsync(body, run);

        Assert.Equal(hit, (await host.AskAsync(body, run)).Hit);
    }

    [Fact]
    public async Task Contents_InRedis_AreNotReadable()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, settings: ("ConnectionStrings:redis", redis.ConnectionString));

        await host.AskAsync(Body, _user);

        await Eventually.BecomesTrueAsync(() => Written(redis).Contains($"gateway:{_user.PracticeId}:cache:", StringComparison.Ordinal), "the reply is in Redis");
        var written = Written(redis);
        Assert.DoesNotContain("prompt-of-a-client", written, StringComparison.Ordinal);
        Assert.DoesNotContain("reply-number", written, StringComparison.Ordinal);
        Assert.DoesNotContain("application/json", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("moved")]
    [InlineData("flipped")]
    [InlineData("short")]
    [InlineData("empty")]
    public async Task Entry_ThatWasTamperedWith_IsAMissAndReplaced(string how)
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl);
        var (other, caller) = (Elsewhere, _user);
        await host.AskAsync(Body, caller);
        await host.AskAsync(Body, other);
        var redis = host.Gateway.Get<RedisClient>();
        var (own, foreign) = ((await host.KeysAsync(caller, 1))[0], (await host.KeysAsync(other, 1))[0]);
        var entry = (byte[])(await redis.RunAsync("GET", database => database.StringGetAsync(how == "moved" ? foreign : own), default))!;
        entry[^1] ^= how == "flipped" ? (byte)1 : (byte)0;
        await redis.RunAsync("SET", database => database.StringSetAsync(own, how switch { "short" => entry[..5], "empty" => [], _ => entry }, TimeSpan.FromHours(1), When.Always, CommandFlags.None), default);
        var replica = await host.StartReplicaAsync();

        var reply = await host.AskAsync(Body, caller, at: replica);

        Assert.Equal((HttpStatusCode.OK, "false"), (reply.Status, reply.Hit));
        Assert.Contains("reply-number-3", reply.Text, StringComparison.Ordinal);
        Assert.Equal(("true", reply.Text), await host.AskAsync(Body, caller, at: replica) is var again ? (again.Hit, again.Text) : default);
    }

    [Theory]
    [InlineData("cache: { ttl: 90s },", 90)]
    [InlineData("", 3600)]
    public async Task Entry_OfAGroup_LivesAsLongAsItSays(string group, int seconds)
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, group);
        await host.AskAsync(Body, _user);
        var redis = host.Gateway.Get<RedisClient>();
        var key = (await host.KeysAsync(_user, 1))[0];

        var left = await redis.RunAsync("TTL", database => database.KeyTimeToLiveAsync(key), default);

        Assert.InRange(left!.Value.TotalSeconds, seconds - 60, seconds);
    }

    [Fact]
    public async Task Entries_OfAPractice_AreBoundedInNumber()
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, settings: ("Gateway:Cache:MaxPerPractice", "2"));

        for (var number = 0; number < 5; number++)
        {
            await host.AskAsync($$"""{"model":"m","messages":[],"seed":{{number}}}""", _user);
        }

        await Eventually.BecomesTrueAsync(async () => (await host.AskAsync("""{"model":"m","messages":[],"seed":4}""", _user)).Hit == "true", "the last one is kept");
        await host.KeysAsync(_user, 2);
    }

    [Fact]
    public async Task Key_ThatIsNew_MakesAMissOfEveryEntry()
    {
        await using var host = await CacheHost.StartAsync(Model.BaseUrl);
        await host.AskAsync(Body, _user);
        await host.KeysAsync(_user, 1);
        await using var rotated = await CacheHost.StartAsync(Model.BaseUrl, settings: ("Gateway:Cache:Key", "another secret of the tests, long enough"));

        Assert.Equal("false", (await rotated.AskAsync(Body, _user)).Hit);
        Assert.Equal("true", (await rotated.AskAsync(Body, _user)).Hit);
    }

    private static string Written(RedisServer redis) => string.Concat(redis.Data.Read().Values.Select(Encoding.Latin1.GetString));
}
