using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Usage.Records;
using AiPlatform.Services.Chat.Usage.Settling;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Usage;

/// <summary>What was settled arrives, once, whoever is away or dies on its way.</summary>
public sealed class UsageDeliveryTests
{
    [Fact]
    public async Task Append_BatchThatComesAgain_IsTakenOnce()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var log = await AsleepAsync(rig);

        await log.SettleAsync(new(1, [Call("a"), Call("b")], []), default);
        await log.SettleAsync(new(1, [Call("a"), Call("b")], []), default);

        Assert.Equal(2, log.Length);
    }

    [Fact]
    public async Task Remove_EntryThatAnotherTookOut_CountsItsCallsOnce()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var log = await AsleepAsync(rig);
        await log.SettleAsync(new(1, [Call("a"), Call("b")], []), default);
        await log.SettleAsync(new(2, [Call("c")], []), default);
        var first = (await log.TakeAsync(1, TimeSpan.FromMinutes(1), default)).Single();

        await log.RemoveAsync([first], default);
        await log.RemoveAsync([first], default);

        Assert.Equal(1, log.Length);
    }

    [Fact]
    public async Task Take_OwnEntries_AreTheCallsThemselvesAndAnotherReplicasAreRead()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var (log, other) = (await AsleepAsync(rig), ActivatorUtilities.CreateInstance<UsageLog>(rig.Host.Services));
        SettledCall[] own = [Call("a"), Call("b")], others = [Call("c")];
        await log.SettleAsync(new(1, own, []), default);
        await other.SettleAsync(new(1, others, []), default);

        var taken = await log.TakeAsync(10, TimeSpan.FromMinutes(1), default);

        Assert.Equal(2, taken.Count);
        Assert.Same(own, taken[0].Calls);
        Assert.NotSame(others, taken[1].Calls);
        Assert.Equal(others, taken[1].Calls);
    }

    // As when Redis had given it out and the answer was lost.
    [Fact]
    public async Task Take_OwnEntryThatIsNotKnownAnyMore_IsFetched()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var log = await AsleepAsync(rig);
        SettledCall[] calls = [Call("a"), Call("b")];
        await log.SettleAsync(new(1, calls, []), default);
        var first = (await log.TakeAsync(10, TimeSpan.FromMinutes(1), default)).Single();

        var again = (await log.TakeAsync(10, TimeSpan.Zero, default)).Single();

        Assert.Equal(first.Id, again.Id);
        Assert.NotSame(calls, again.Calls);
        Assert.Equal(calls, again.Calls);
    }

    [Fact]
    public async Task Take_MoreThanAReplicaKeeps_HaveTheirCallsFromRedis()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var log = await AsleepAsync(rig);
        SettledCall[] many = [.. Enumerable.Repeat(Call("many"), 20_000)], more = [Call("more")];
        await log.SettleAsync(new(1, many, []), default);
        await log.SettleAsync(new(2, more, []), default);

        var taken = await log.TakeAsync(10, TimeSpan.FromMinutes(1), default);

        Assert.Same(many, taken[0].Calls);
        Assert.NotSame(more, taken[1].Calls);
        Assert.Equal(more, taken[1].Calls);
    }

    [Fact]
    public async Task Texts_ThatAStatementWouldStumbleOver_ArriveAsTheyWere()
    {
        await using var rig = await UsageRig.StartAsync();
        const string odd = "o'brien \\ \"Zoë\" 漢 🙂 --";

        await rig.Log.SettleAsync(new(1_000_001, [Call("a") with { Persona = odd, Model = odd, Endpoint = odd, ErrorCode = odd }], []), default);

        var row = (await rig.RowsAsync(1))[0];
        Assert.Equal((odd, odd, odd, odd), (row.Persona, row.Model, row.Endpoint, row.ErrorCode));
    }

    [Fact]
    public async Task Call_DeliveredTwice_IsOneRow()
    {
        await using var rig = await UsageRig.StartAsync();
        var call = Call("a");

        await rig.Log.SettleAsync(new(1_000_001, [call, call], []), default);
        await rig.Log.SettleAsync(new(1_000_002, [call, Call("b")], []), default);

        await Eventually.BecomesTrueAsync(() => rig.Log.Length == 0, "all are written");
        Assert.Equal(["a", "b"], (await rig.RowsAsync(2)).Select(row => row.RequestId));
    }

    [Fact]
    public async Task Calls_TakenByAReplicaThatIsGone_AreWrittenByAnother()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var log = await AsleepAsync(rig);
        using var response = await rig.CompleteAsync();
        IReadOnlyList<UsageEntry> taken = [];
        await Eventually.BecomesTrueAsync(async () => (taken = await log.TakeAsync(10, TimeSpan.FromMinutes(1), default)).Count > 0, "the call is in Redis");

        await using var other = await ChatHost.StartAsync(settings: new(rig.Host.Settings) { ["Usage:WriteMilliseconds"] = "50", ["Usage:ClaimSeconds"] = "1" }, time: rig.Clock);

        Assert.Equal(taken.Single().Calls!.Single().RequestId, Assert.Single(await UsageRig.RowsAsync(other, 1)).RequestId);
    }

    [Fact]
    public async Task Calls_BesideOneThatTheTableDoesNotTake_AreWrittenAndItStays()
    {
        await using var rig = await UsageRig.StartAsync(("Usage:WriteMilliseconds", "60000"));
        var log = await AsleepAsync(rig);
        await log.SettleAsync(new(1, [Call("a")], []), default);
        await log.SettleAsync(new(2, [Call("too dear") with { CostUsd = 1_000_000_000m }], []), default);
        await log.SettleAsync(new(3, [Call("b")], []), default);

        await using var other = await ChatHost.StartAsync(settings: new(rig.Host.Settings) { ["Usage:WriteMilliseconds"] = "50" });

        Assert.Equal(["a", "b"], (await UsageRig.RowsAsync(other, 2)).Select(row => row.RequestId));
        await Eventually.BecomesTrueAsync(async () => await rig.StreamLengthAsync() == 1, "only the one that is not taken is left");
    }

    [Fact]
    public async Task Calls_WhileRedisIsAway_AreRowsOnceItIsBack()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var rig = await UsageRig.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        using var before = await rig.CompleteAsync();
        await rig.RowsAsync(1);

        await redis.KillAsync();
        using var first = await rig.CompleteAsync();
        using var second = await rig.CompleteAsync(stream: true);
        await redis.StartAgainAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        await rig.RowsAsync(3);
    }

    [Fact]
    public async Task Appender_StoppedBeforeItBegan_StillAppendsWhatIsQueued()
    {
        await using var rig = await UsageRig.StartAsync(services => services.Remove(services.Single(service => service.ImplementationType == typeof(UsageAppender))));
        using var response = await rig.CompleteAsync();
        await Eventually.BecomesTrueAsync(() => rig.Host.Services.GetRequiredService<UsageQueue>().Count == 1, "the call is settled");
        using var appender = ActivatorUtilities.CreateInstance<UsageAppender>(rig.Host.Services);

        await appender.StartAsync(new(canceled: true));
        await appender.StopAsync(CancellationToken.None);

        Assert.Equal("gpt-4o", (await rig.RowsAsync(1))[0].Model);
    }

    [Fact]
    public async Task Service_EndsWhileRedisIsAway_WritesWhatItHasToMySql()
    {
        await using var redis = await RedisServer.StartAsync();
        ChatHost reader;
        await using (var rig = await UsageRig.StartAsync(("ConnectionStrings:redis", redis.ConnectionString)))
        {
            reader = await ChatHost.StartAsync(settings: new() { ["ConnectionStrings:chatdb"] = rig.Host.Settings["ConnectionStrings:chatdb"] }, time: rig.Clock);
            await redis.KillAsync();
            using var response = await rig.CompleteAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await using (reader)
        {
            await UsageRig.RowsAsync(reader, 1);
        }
    }

    [Fact]
    public async Task Call_WhileAsManyWaitAsMay_IsRefusedUntilThereIsRoom()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var rig = await UsageRig.StartAsync(("ConnectionStrings:redis", redis.ConnectionString), ("Usage:QueueLength", "1"));
        await redis.KillAsync();

        using var counted = await rig.CompleteAsync();
        await Eventually.BecomesTrueAsync(() => rig.Host.Services.GetRequiredService<UsageQueue>().Count == 1, "the call is settled");
        using var refused = await rig.CompleteAsync();
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        await redis.StartAgainAsync();

        Assert.Equal(HttpStatusCode.OK, counted.StatusCode);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "usage.backlog", TimeSpan.FromSeconds(1)),
            (refused.StatusCode, error.GetProperty("code").GetString(), refused.Headers.RetryAfter?.Delta));
        await rig.RowsAsync(1);
        await Eventually.BecomesTrueAsync(() => rig.Host.Services.GetRequiredService<UsageQueue>().Count == 0, "the replica knows that Redis has it");
        using var after = await rig.CompleteAsync();
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        await rig.RowsAsync(2);
    }

    [Fact]
    public async Task Calls_WhileMySqlIsAway_StayInRedisUntilTheyAreRowsAsManyAsMay()
    {
        await using var mySql = await MariaDbServer.StartAsync();
        await using var rig = await UsageRig.StartAsync(("ConnectionStrings:chatdb", await mySql.CreateDatabaseAsync("chat")), ("Usage:BacklogLength", "2"));
        using var before = await rig.CompleteAsync();
        await rig.RowsAsync(1);
        await Eventually.BecomesTrueAsync(() => rig.Log.Length == 0, "the writer knows that it is a row");

        await mySql.KillAsync();
        using var first = await rig.CompleteAsync();
        using var second = await rig.CompleteAsync();
        await Eventually.BecomesTrueAsync(() => rig.Log.Length == 2, "both wait in Redis");
        using var refused = await rig.CompleteAsync();
        await mySql.StartAgainAsync();

        // No more may wait there.
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "usage.backlog"),
            (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString()));
        await rig.RowsAsync(3);
        await Eventually.BecomesTrueAsync(() => rig.Log.Length == 0, "nothing of what is written is left in Redis");
    }

    // Its writer has looked once and looks again in a minute.
    private static async Task<UsageLog> AsleepAsync(UsageRig rig)
    {
        var log = ActivatorUtilities.CreateInstance<UsageLog>(rig.Host.Services);
        await Eventually.BecomesTrueAsync(
            async () => await rig.Host.Services.GetRequiredService<RedisClient>().RunAsync(
                "EXISTS usage_calls", database => database.KeyExistsAsync(rig.Host.Settings["Usage:Stream"]), CancellationToken.None),
            "the writer has looked");
        return log;
    }

    private static SettledCall Call(string requestId) => new(
        requestId, Guid.CreateVersion7(), Guid.CreateVersion7(), null, null, null, "gpt-4o", "openai", "east", "chat", false, "complete", null,
        10, 0, 5, 0, false, 0.1m, new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero), 12, 3, 1);
}
