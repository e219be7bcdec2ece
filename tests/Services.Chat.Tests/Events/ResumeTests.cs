using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Events;

public sealed class ResumeTests
{
    [Fact]
    [Trait("Spec", "T002-103")]
    [Trait("Spec", "T002-013")]
    public async Task Resume_AfterEveryCutPoint_YieldsTheSameBytesAsWithoutACut()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        var user = new TestToken();
        await using var watcher = await host.ConnectAsync(user, "/ws/s1");
        var count = 0;
        for (var cut = 1; cut == 1 || cut <= count; cut++)
        {
            await using var dropped = await host.ConnectAsync(user, "/ws/s1");
            await dropped.SendAsync(new { type = "chat_message", message = $"cut {cut}" });
            var seen = await dropped.ReadUntilAsync(frame => frame.Seq == cut);
            dropped.Drop();
            var before = seen.OfRun(seen[^1].RunId);

            await using var back = await host.ConnectAsync(user, "/ws/s1");
            await back.ResumeAsync(before[^1]);
            var resumed = await back.ReadUntilAsync(frame => frame.Type == "typing" && !frame.Json.GetProperty("typing").GetBoolean());
            var answer = resumed.First(frame => frame.Type == "stream_resumed").Json;

            var whole = await watcher.ReadRunAsync();
            count = whole.Count;
            FrameRules.Check(whole);
            Assert.Equal(whole.Raws(), before.Concat(resumed.OfRun(before[^1].RunId)).Raws());
            Assert.True(answer.GetProperty("recovered").GetBoolean());
            Assert.Equal(cut + 1, answer.GetProperty("from_seq").GetInt64());
        }

        Assert.Equal(12, count);
    }

    [Fact]
    [Trait("Spec", "T002-032")]
    public async Task Resume_OnAnotherReplicaWhileTheRunGoesOn_DeliversTheGapThenLive()
    {
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(go.Task));
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var first = await host.ConnectAsync(user, "/ws/s1");
        await first.SendAsync(new { type = "chat_message", message = "hello" });
        var seen = await first.ReadUntilAsync("stream_start");

        await using var second = await other.ConnectAsync(user, "/ws/s1");
        await second.ResumeAsync(seen[^1]);
        var gap = await second.ReadUntilAsync("tool_executing");
        go.SetResult();
        var rest = await second.ReadUntilAsync("agent_completed");

        var whole = seen.Concat(await first.ReadUntilAsync("agent_completed")).OfRun(seen[^1].RunId);
        FrameRules.Check(whole);
        Assert.Equal(whole.Skip(2).Raws(), gap.Concat(rest).OfRun(seen[^1].RunId).Raws());
    }

    [Fact]
    public async Task Resume_OfAForeignRun_IsNotRecoveredAndShowsNothing()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var owner = new TestToken();
        await using var socket = await host.ConnectAsync(owner, "/ws/s1");
        var run = await socket.AskAsync("secret");
        var colleague = owner with { UserId = Guid.CreateVersion7() };
        var stranger = owner with { PracticeId = Guid.CreateVersion7() };

        foreach (var other in (TestToken[])[colleague, stranger])
        {
            await using var foreign = await host.ConnectAsync(other, "/ws/s1");
            await foreign.ResumeAsync(run[0]);
            await foreign.SendAsync(new { type = "ping" });
            var answers = await foreign.ReadUntilAsync("pong");

            Assert.Equal(["stream_resumed", "pong"], answers.Types());
            Assert.False(answers[0].Json.GetProperty("recovered").GetBoolean());
        }
    }

    [Fact]
    public async Task Resume_WithAnotherEpochOrAPlaceThatNeverWas_GivesTheOwnerASnapshot()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        var run = await socket.AskAsync("hello");

        foreach (var resume in (object[])
        [
            new { type = "stream_resume", run_id = run[0].RunId, epoch = "another", last_seq = 1 },
            new { type = "stream_resume", run_id = run[0].RunId, epoch = run[0].Epoch, last_seq = run.Count + 1 },
        ])
        {
            await socket.SendAsync(resume);
            var answers = await socket.ReadUntilAsync("run_snapshot");
            var snapshot = answers[^1].Json;

            Assert.False(answers[0].Json.GetProperty("recovered").GetBoolean());
            Assert.Equal("completed", snapshot.GetProperty("status").GetString());
            Assert.Equal("You said: hello 🙂", snapshot.GetProperty("text").GetString());
            Assert.Equal("search_clients", snapshot.GetProperty("tool_calls")[0].GetProperty("tool_name").GetString());
            Assert.Equal(10, snapshot.GetProperty("usage").GetProperty("input_tokens").GetInt64());
        }
    }

    [Fact]
    public async Task Resume_OfAnUnknownRun_IsNotRecovered()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendAsync(new { type = "stream_resume", run_id = Guid.CreateVersion7(), epoch = "e", last_seq = 0 });
        var answer = (await socket.ReadUntilAsync("stream_resumed"))[^1].Json;

        Assert.False(answer.GetProperty("recovered").GetBoolean());
    }

    [Fact]
    public async Task NewConnection_DuringARun_GetsItsFramesOnlyWhenItAsks()
    {
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(go.Task));
        var user = new TestToken();
        await using var first = await host.ConnectAsync(user, "/ws/s1");
        await first.SendAsync(new { type = "chat_message", message = "one" });
        await first.ReadUntilAsync("tool_executing");

        await using var late = await host.ConnectAsync(user, "/ws/s1");
        go.SetResult();
        await first.ReadUntilAsync("agent_completed");
        var next = await late.AskAsync("two");

        Assert.Equal(["websocket_ready", "typing"], late.Frames.Take(2).Types());
        FrameRules.Check(next);
    }
}
