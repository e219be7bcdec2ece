using System.Net;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class CancelTests
{
    [Fact]
    public async Task Cancel_DuringATool_EndsInTheOrderOfTheProtocolAndTheNextMessageWorks()
    {
        var never = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(
            (run, output, token, stop) => (run.Message == "wait" ? Scripts.Waiting(never.Task) : Scripts.Echo)(run, output, token, stop));
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        var before = await socket.ReadUntilAsync("tool_executing");

        await socket.SendAsync(new { type = "cancel" });
        await socket.SendAsync(new { type = "cancel", run_id = before[^1].RunId });
        await socket.SendAsync(new { type = "chat_message", message = "next" });
        var run = before.Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(before[^1].RunId);
        var next = await socket.ReadUntilAsync("agent_completed");

        FrameRules.Check(run);
        Assert.Equal(
            [
                "agent_started", "stream_start", "text_chunk", "tool_executing", "cancelled", "tool_completed", "text_completed", "tts_not_requested",
                "agent_completed",
            ],
            run.Types());
        var tool = run[5].Json.GetProperty("payload");
        Assert.Equal(("failed", "cancelled"), (tool.GetProperty("status").GetString(), tool.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal("part ", run[6].TextOf("content"));
        FrameRules.Check(next.OfRun(next[^1].RunId));
    }

    [Fact]
    public async Task Cancel_FromAnotherReplica_StopsTheRun()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(new TaskCompletionSource().Task));
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await using var elsewhere = await other.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        var before = await socket.ReadUntilAsync("tool_executing");

        await elsewhere.SendAsync(new { type = "cancel" });
        var run = before.Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(before[^1].RunId);

        FrameRules.Check(run);
        Assert.Equal("cancelled", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.Equal(run.Raws(), (await elsewhere.ReadRunAsync()).Raws());
    }

    [Fact]
    public async Task Cancel_OverHttp_WorksForTheOwnerAndForNobodyElse()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(new TaskCompletionSource().Task));
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        var seen = await socket.ReadUntilAsync("tool_executing");
        var cancel = $"/chat/runs/{seen[^1].RunId}/cancel";

        foreach (var replica in (ChatHost[])[host, other])
        {
            foreach (var stranger in (TestToken[])[user with { UserId = Guid.CreateVersion7() }, user with { PracticeId = Guid.CreateVersion7() }])
            {
                using var foreign = replica.CreateClient(stranger);
                Assert.Equal(HttpStatusCode.NotFound, (await foreign.PostAsync(cancel, null)).StatusCode);
            }
        }

        using var client = other.CreateClient(user);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync(cancel, null)).StatusCode);
        var rest = await socket.ReadUntilAsync("agent_completed");
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync(cancel, null)).StatusCode);

        Assert.Equal("cancelled", rest[^1].Json.GetProperty("payload").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Cancel_OfAnAgentThatDoesNotLetGo_EndsTheRunWithoutItsLaterFrames()
    {
        var letGo = new TaskCompletionSource();
        var wrote = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(async (_, output, _, cancellationToken) =>
        {
            await output.EmitAsync(Scripts.Executing("call_1"), cancellationToken);
            await letGo.Task;
            try
            {
                await output.EmitAsync(Scripts.Completed("call_1"), CancellationToken.None);
            }
            finally
            {
                wrote.TrySetResult();
            }

            return Scripts.Outcome("late");
        });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "wait" });
        var before = await socket.ReadUntilAsync("tool_executing");

        await socket.SendAsync(new { type = "cancel" });
        var run = before.Concat(await socket.ReadUntilAsync("agent_completed")).OfRun(before[^1].RunId);
        await socket.ReadUntilAsync("typing");
        letGo.SetResult();
        await wrote.Task.WaitAsync(ChatSocket.Timeout);
        var next = await socket.AskAsync("next");

        FrameRules.Check(run);
        FrameRules.Check(next);
    }

    [Fact]
    public async Task Disconnect_DuringARun_DoesNotCancelIt()
    {
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(go.Task));
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        var seen = await socket.ReadUntilAsync("tool_executing");
        socket.Drop();
        go.SetResult();

        await using var back = await host.ConnectAsync(user, "/ws/s1");
        await back.ResumeAsync(seen[^1]);
        var rest = await back.ReadUntilAsync("agent_completed");

        Assert.Equal("part hello", rest[^1].Json.GetProperty("payload").GetProperty("result").GetProperty("text").GetString());
    }
}
