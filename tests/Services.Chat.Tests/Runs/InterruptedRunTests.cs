using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class InterruptedRunTests
{
    [Fact]
    [Trait("Spec", "T002-117")]
    public async Task Shutdown_OfTheReplica_EndsItsRunsHonestlyAndAnotherReplicaShowsIt()
    {
        var host = await ChatHost.StartAsync(Scripts.Waiting(new TaskCompletionSource().Task));
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        var seen = await socket.ReadUntilAsync("tool_executing");
        var before = seen.OfRun(seen[^1].RunId);

        await host.DisposeAsync();
        await using var back = await other.ConnectAsync(user, "/ws/s1");
        await back.ResumeAsync(before[^1]);
        var run = before.Concat(await back.ReadUntilAsync("agent_completed")).OfRun(before[0].RunId);

        FrameRules.Check(run);
        Assert.Equal("failed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        await ShowsInterruptedAsync(other, user, before[0].RunId!);
    }

    [Fact]
    public async Task Run_WhoseReplicaStoppedRenewing_IsEndedByAnotherAndTheOldOneIsRefused()
    {
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(go.Task), new() { ["RunLog:LeaseSeconds"] = "2" }, renews: false);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        var seen = await socket.ReadUntilAsync("tool_executing");
        var before = seen.OfRun(seen[^1].RunId);

        await using var other = host.StartReplica();
        await using var back = await other.ConnectAsync(user, "/ws/s1");
        await back.ResumeAsync(before[^1]);
        var run = before.Concat(await back.ReadUntilAsync("agent_completed")).OfRun(before[0].RunId);
        go.SetResult();
        var first = seen.Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(before[0].RunId);

        FrameRules.Check(run);
        Assert.Equal(run.Raws(), first.Raws());
        Assert.Equal("part ", run[^1].Json.GetProperty("payload").GetProperty("result").GetProperty("text").GetString());
        await ShowsInterruptedAsync(other, user, before[0].RunId!);
    }

    private static async Task ShowsInterruptedAsync(ChatHost host, TestToken user, string runId)
    {
        using var client = host.CreateClient(user);
        var record = await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{runId}");
        Assert.Equal(
            ("failed", "interrupted", "part "),
            (record.GetProperty("status").GetString(), record.GetProperty("errorCode").GetString(), record.GetProperty("text").GetString()));
    }
}
