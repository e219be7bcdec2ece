using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>What looks after runs in the background must itself survive, and reach every run.</summary>
public sealed class CareTests
{
    [Fact]
    public async Task Connection_MadeWhileRedisIsAway_HearsItsSessionOnOtherReplicasOnceItIsBack()
    {
        await using var rig = await FaultRig.StartAsync();
        await rig.Redis.KillAsync();
        await using var late = await rig.There.ConnectAsync(rig.User, "/ws/another");
        await rig.Redis.StartAgainAsync();
        await rig.RedisIsBackAsync();
        await using var here = await rig.Here.ConnectAsync(rig.User, "/ws/another");

        // The keeper subscribes again at its next round; which message is the first one heard is left open.
        var heard = late.ReadUntilAsync("agent_completed");
        while (!heard.IsCompleted)
        {
            await here.SendAsync(new { type = "chat_message", message = "Do you hear me?" });
            await here.ReadUntilAsync("agent_completed");
        }

        var run = await heard;
        FrameRules.Check(run.OfRun(run[^1].RunId));
    }

    [Fact]
    public async Task Sweep_BehindManyRunsOfLivingReplicas_StillReachesTheDeadOne()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ChatHost.StartAsync(
            Scripts.Echo, new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["RunLog:LeaseSeconds"] = "3" }, renews: false);
        var user = new CurrentUser(Guid.CreateVersion7(), UserRole.Practitioner, Guid.CreateVersion7(), null, null, null);
        var log = host.Services.GetRequiredService<RunLog>();
        var store = host.Services.GetRequiredService<IRunStore>();
        var client = host.Services.GetRequiredService<RedisClient>();
        var longAgo = DateTimeOffset.UtcNow.AddMinutes(-10);
        AcceptedRun? dead = null;
        for (var index = 0; index <= 450; index++)
        {
            var run = new AcceptedRun(
                Guid.CreateVersion7(), new(user.PracticeId, user.UserId, $"s{index}"), user, "", "web_assistant", Guid.CreateVersion7(), "hello", null, false, "",
                default, longAgo.AddSeconds(index));
            var claim = new LogClaim(run.Key, run.Session, run.ThreadId, "another", LogClaim.NewEpoch(longAgo), LogClaim.FirstFence);
            await log.OpenAsync(claim, default);
            Assert.True(await client.RunAsync("PERSIST lease", database => database.KeyPersistAsync(run.Key.Lease), default));
            await store.AddAsync(run, default);
            dead = run;
        }

        await client.RunAsync("DEL lease", database => database.KeyDeleteAsync(dead!.Key.Lease), default);
        await using var other = host.StartReplica();

        await Eventually.BecomesTrueAsync(
            async () => await store.FindAsync(user.PracticeId, user.UserId, dead!.RunId, default) is { Status: "failed", ErrorCode: "interrupted" }, "the dead run is ended");
        await Eventually.BecomesTrueAsync(
            async () => (await store.ListUnclosedAsync(DateTimeOffset.UtcNow, null, 1000, default)).Count == 450, "its log is closed, and no other");
    }

    [Fact]
    public async Task Sweep_OfAReplicaThatHasJustReachedRedis_WaitsALeaseTimeSoThatTheLivingRenewFirst()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ChatHost.StartAsync(
            Scripts.Waiting(new TaskCompletionSource().Task), new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["RunLog:LeaseSeconds"] = "2" }, renews: false);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        await socket.ReadUntilAsync("tool_executing");
        var log = host.Services.GetRequiredService<RunLog>();
        var store = host.Services.GetRequiredService<IRunStore>();
        var run = (await store.ListUnclosedAsync(DateTimeOffset.MaxValue, null, 1, default)).Single();
        await Eventually.BecomesTrueAsync(
            async () => await log.FindAsync(new(run.PracticeId, run.Id), default) is { IsOwned: false }, "the lease ran out");

        var startedAt = Stopwatch.GetTimestamp();
        await using var other = host.StartReplica();
        await Eventually.BecomesTrueAsync(
            async () => await store.FindAsync(run.PracticeId, run.UserId, run.Id, default) is { Status: "failed" }, "the dead run is ended");

        Assert.True(Stopwatch.GetElapsedTime(startedAt) >= TimeSpan.FromSeconds(2), "It was taken over at once.");
    }

    [Fact]
    public async Task Keeper_WhenARunsRenewalIsCancelledBySomebodyElse_GoesOnKeeping()
    {
        await using var redis = await RedisServer.StartAsync();
        var time = new CancellingTime();
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(
            Scripts.Waiting(go.Task), new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["RunLog:LeaseSeconds"] = "1" },
            services: services => services.AddSingleton<TimeProvider>(time));
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        var seen = await socket.ReadUntilAsync("tool_executing");

        var cancelled = time.CancelNextEpochAsync();
        await host.Services.GetRequiredService<RedisClient>().RunAsync(
            "EVAL flush", database => database.ScriptEvaluateAsync("redis.call('flushall') return 1"), default);
        await cancelled.WaitAsync(Eventually.Timeout);

        // The next round finds the lost log again.
        var told = await socket.ReadUntilAsync("run_snapshot");
        go.SetResult();
        var run = seen.Concat(told).Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(seen[^1].RunId);

        FrameRules.Check(run);
        Assert.Equal("completed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Run_DegradedForMoreThanMemoryMayHold_BeginsAnotherEpoch()
    {
        await using var redis = await RedisServer.StartAsync();
        var (go, full) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var host = await ChatHost.StartAsync(
            async (run, output, _, cancellationToken) =>
            {
                await output.EmitAsync(new TextChunkFrame("before ", 7), cancellationToken);
                await go.Task.WaitAsync(cancellationToken);
                await output.EmitAsync(new ThinkingChunkFrame("x"), cancellationToken);

                // Until the first epoch is seen: a reader that lags behind is told of the last one alone.
                await full.Task.WaitAsync(cancellationToken);
                for (var index = 0; index < 10; index++)
                {
                    await output.EmitAsync(new ThinkingChunkFrame(new('x', 1024 * 1024)), cancellationToken);
                }

                await output.EmitAsync(new TextChunkFrame("after", 12), cancellationToken);
                return Scripts.Outcome("before after");
            },
            new() { ["ConnectionStrings:redis"] = redis.ConnectionString });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        var seen = await socket.ReadUntilAsync("text_chunk");

        await redis.KillAsync();
        go.SetResult();
        var degraded = await socket.ReadUntilAsync("run_snapshot");
        full.SetResult();
        var run = seen.Concat(degraded).Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(seen[^1].RunId);

        Assert.Equal("before after", run[^1].Json.GetProperty("payload").GetProperty("result").GetProperty("text").GetString());
        Assert.Equal(2, run.Where(frame => frame.Type == "run_snapshot").Select(frame => frame.Epoch).Distinct().Count());
        Assert.All(run.Where(frame => frame.Type == "run_snapshot"), frame => Assert.Equal("before ", frame.TextOf("text")));
    }

    [Fact]
    public async Task Runs_EndedWhileRedisIsAway_GiveUpTheOldestLogWhenMemoryIsFull()
    {
        await using var redis = await RedisServer.StartAsync();
        var gates = new Dictionary<string, TaskCompletionSource> { ["older"] = new(), ["newer"] = new() };
        await using var host = await ChatHost.StartAsync(
            async (run, output, _, cancellationToken) =>
            {
                await output.EmitAsync(new TextChunkFrame(run.Message, run.Message.Length), cancellationToken);
                await gates[run.Message].Task.WaitAsync(cancellationToken);
                await output.EmitAsync(new ThinkingChunkFrame(new('x', 700 * 1024)), cancellationToken);
                return Scripts.Outcome(run.Message);
            },
            new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["RunLog:AppendMilliseconds"] = "200", ["RunLog:WaitingMegabytes"] = "1" });
        var runs = host.Services.GetRequiredService<ActiveRuns>();
        var sockets = new Dictionary<string, ChatSocket>();
        foreach (var name in gates.Keys)
        {
            sockets[name] = await host.ConnectAsync(new TestToken(), "/ws/s1");
            await sockets[name].SendAsync(new { type = "chat_message", message = name });
            await sockets[name].ReadUntilAsync("text_chunk");
        }

        await redis.KillAsync();
        foreach (var name in gates.Keys)
        {
            gates[name].SetResult();
            await sockets[name].ReadUntilAsync("agent_completed");
            await Eventually.BecomesTrueAsync(
                () => runs.All.All(run => run.Accepted.Message != name || run.EndedAt is not null), "its log waits for Redis");
        }

        await Eventually.BecomesTrueAsync(() => runs.All.Count() == 1, "one log is given up");
        Assert.Equal("newer", Assert.Single(runs.All).Accepted.Message);
        foreach (var socket in sockets.Values)
        {
            await socket.DisposeAsync();
        }
    }
}
