using System.Diagnostics;
using System.Net.WebSockets;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>The run's own replica dies, at its worst moments; and a client that is cut off all the time.</summary>
public sealed class ReplicaFaultTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [Fact]
    public async Task Killed_InTheMiddle_AnotherReplicaEndsTheRunHonestly()
    {
        await using var rig = await FaultRig.StartAsync();
        await using var replica = await ServiceProcess.StartAsync("Services.Chat", rig.Here.Settings);
        await using var socket = await ChatHost.ConnectAsync(replica.Url, rig.Here.Tokens.Issue(rig.User), "/ws/s1");
        await using var first = rig.Socket;
        var run = await rig.BeginAsync(words: 30, socket: socket);

        await replica.KillAsync();
        var gone = await FaultRig.TimeAsync(() => Assert.ThrowsAsync<WebSocketException>(() => socket.ReadUntilClosedAsync()));
        var recovery = await FaultRig.TimeAsync(async () =>
        {
            await rig.ReconnectAsync();
            await rig.Socket.ResumeAsync(run.Here[^1]);
            await run.ReadHereToEndAsync();
        });
        await run.ReadThereToEndAsync();

        Assert.Equal("internal_error", Assert.Single(run.Here, frame => frame.Type == "error").TextOf("code"));
        await run.CheckAsync("failed", FaultRig.Text[..FaultRig.LengthOf(30)]);
        _report.Write("the run's replica killed", run, gone, recovery);
    }

    [Fact]
    public async Task Dies_BetweenTheCommitAndTheLastFrame_AnotherReplicaCompletesTheLogFromTheRecord()
    {
        await using var host = await ChatHost.StartAsync(
            Scripts.Whole, new() { ["RunLog:LeaseSeconds"] = "6" }, renews: false,
            services: services => services.Replace(ServiceDescriptor.Singleton<IRunStore, StoreThatDiesAfterTheCommit>()));
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await using var screen = await other.ConnectAsync(user, "/ws/s1");

        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        var seen = await screen.ReadUntilAsync("agent_completed");
        var run = seen.OfRun(seen[^1].RunId);

        FrameRules.Check(run);
        Assert.Equal(("completed", "You said: hello 🙂"), (run[^1].Json.GetProperty("payload").GetProperty("status").GetString(), TextOf(run[^1])));
        Assert.Equal(20, run[^1].Json.GetProperty("payload").GetProperty("usage").GetProperty("output_tokens").GetInt64());
        Assert.DoesNotContain(run, frame => frame.Type == "run_snapshot");
        await IsClosedAsync(other, run[0].RunId!);
    }

    [Fact]
    public async Task Dies_DegradedAfterTheCommit_AnotherReplicaSaysInANewEpochWhatWasStored()
    {
        await using var rig = await FaultRig.StartAsync();
        await using var replica = await ServiceProcess.StartAsync("Services.Chat", rig.Here.Settings);
        await using var socket = await ChatHost.ConnectAsync(replica.Url, rig.Here.Tokens.Issue(rig.User), "/ws/s1");
        await using var first = rig.Socket;
        var run = await rig.BeginAsync(words: 30, socket: socket);

        await rig.Redis.KillAsync();
        rig.GoOn();
        await run.ReadHereToEndAsync();
        await replica.KillAsync();
        await rig.Redis.StartAgainAsync();
        await run.ReadThereToEndAsync();

        FrameRules.Check(run.Here);
        FrameRules.Check(run.There);
        Assert.Equal((FaultRig.Text, FaultRig.Text), (TextOf(run.Here[^1]), TextOf(run.There[^1])));
        Assert.Equal(["log_lost"], FaultRun.Reasons(run.There));
        await IsClosedAsync(rig.There, $"{run.RunId}");
    }

    [Fact]
    [Trait("Spec", "T002-032")]
    public async Task Socket_CutAfterEveryFrameAndResumedOnTheOtherReplica_GetsEveryByteOnce()
    {
        await using var rig = await FaultRig.StartAsync();
        var begun = await rig.BeginAsync(words: 30);
        var got = new List<ReceivedFrame>();
        var started = Stopwatch.GetTimestamp();
        while (got.Count == 0 || got[^1].Type != "agent_completed")
        {
            // Half of it is a gap, half of it comes live.
            if (got.Count == begun.Here.Count)
            {
                rig.GoOn();
            }

            await using var socket = await (got.Count % 2 == 0 ? rig.There : rig.Here).ConnectAsync(rig.User, "/ws/s1");
            await socket.ResumeAsync(got.Count == 0 ? begun.Here[0] : got[^1], lastSeq: got.Count);
            var answer = await socket.ReadUntilAsync(frame => frame.RunId == $"{begun.RunId}" && frame.Seq is not null);
            Assert.True(answer[0].Json.GetProperty("recovered").GetBoolean());
            got.Add(answer[^1]);
            socket.Drop();
        }

        await begun.ReadHereToEndAsync();
        await begun.ReadThereToEndAsync();
        Assert.Equal(begun.Here.Raws(), got.Raws());
        Assert.True(got.Count >= 60);
        await begun.CheckAsync();
        output.WriteLine($"fault: the socket cut after every frame | {got.Count} cuts, {Stopwatch.GetElapsedTime(started).TotalMilliseconds / got.Count:0} ms for a cut, a reconnect and the next frame | frames lost: {begun.LostFrames}");
    }

    [Fact]
    public async Task Run_ReadOnItsOwnReplica_AsksRedisForNoFrame()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ChatHost.StartAsync(Scripts.Whole, new() { ["ConnectionStrings:redis"] = redis.ConnectionString });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await using var same = await host.ConnectAsync(new TestToken(), "/ws/s1");

        FrameRules.Check(await socket.AskAsync("hello"));

        Assert.Equal(0, await CallsAsync(host, "xrange"));
        Assert.True(await CallsAsync(host, "xadd") >= 12);
    }

    private static string? TextOf(ReceivedFrame last) => last.Json.GetProperty("payload").GetProperty("result").GetProperty("text").GetString();

    private static Task IsClosedAsync(ChatHost host, string runId)
    {
        var store = host.Services.GetRequiredService<IRunStore>();
        return Eventually.BecomesTrueAsync(
            async () => (await store.ListUnclosedAsync(DateTimeOffset.MaxValue, null, 1000, default)).All(run => run.Id != Guid.Parse(runId)), "the log is closed");
    }

    // cmdstat_xadd:calls=12,usec=...
    private static async Task<int> CallsAsync(ChatHost host, string command)
    {
        var client = host.Services.GetRequiredService<RedisClient>();
        var info = (string)(await client.RunAsync("INFO commandstats", database => database.ExecuteAsync("INFO", "commandstats"), default))!;
        var line = info.Split('\n').FirstOrDefault(line => line.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split('=')[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
