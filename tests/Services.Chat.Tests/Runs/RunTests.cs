using System.Collections.Concurrent;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class RunTests
{
    [Fact]
    [Trait("Spec", "T000-009")]
    [Trait("Spec", "T000-010")]
    [Trait("Spec", "T000-011")]
    public async Task Message_OnPracticeSocket_SendsTheWholeRunInOrder()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        await socket.SendAsync(new { type = "chat_message", message = "Hello <b>" });
        var frames = await socket.ReadUntilAsync(frame => frame.Type == "typing" && !frame.Json.GetProperty("typing").GetBoolean());

        Assert.True(frames[0].Json.GetProperty("typing").GetBoolean());
        FrameRules.Check(frames.OfRun(frames[1].RunId));
        Assert.Equal(
            [
                "typing", "agent_started", "stream_start", "agent_thinking", "tool_executing", "tool_completed", "text_chunk", "text_chunk", "text_chunk",
                "ui_action", "text_completed", "tts_not_requested", "agent_completed", "typing",
            ],
            frames.Types());
        Assert.Equal("You said: Hello <b> 🙂", frames[10].TextOf("content"));
        Assert.DoesNotContain("<b>", frames[7].Raw, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Spec", "T002-085")]
    [Trait("Spec", "T002-003")]
    public async Task Message_OnChatSocket_SendsWorkingAndAnEmptyTextCompleted()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        var user = new TestToken { CustomerId = "42" };
        await using var socket = await host.ConnectAsync(user, "/chat/ws");

        await socket.SendAsync(new
        {
            requestType = "text",
            userInput = new { prompt = new[] { new { type = "text", text = "Hello" }, new { type = "text", text = "you" } }, session_id = "" },
            userSettings = new { text = new { model = "any" } },
            customerId = 42,
        });
        var run = await socket.ReadRunAsync();

        FrameRules.Check(run);
        Assert.Equal(["agent_started", "working", "stream_start"], run.Take(3).Types());
        Assert.Equal("", run.First(frame => frame.Type == "text_completed").TextOf("content"));
        Assert.Equal(socket.Frames[0].TextOf("session_id"), run[0].TextOf("session_id"));
        var started = run[0].Json.GetProperty("payload");
        Assert.Equal(
            ("web_assistant", "started", "web_assistant"),
            (started.GetProperty("agent_name").GetString(), started.GetProperty("status").GetString(), started.GetProperty("persona").GetString()));
        Assert.Equal(user.UserId.ToString(), run[0].TextOf("user_id"));
        var result = run[^1].Json.GetProperty("payload");
        Assert.Equal("You said: Hello\nyou 🙂", result.GetProperty("result").GetProperty("text").GetString());
        Assert.Equal(1, result.GetProperty("result").GetProperty("iterations").GetInt32());
        Assert.Equal(20, result.GetProperty("usage").GetProperty("output_tokens").GetInt64());
        Assert.True(result.GetProperty("execution_time_ms").GetInt64() >= 0);
    }

    [Theory]
    [InlineData("""{"requestType":"text","userInput":{"prompt":""}}""", "validation_error")]
    [InlineData("""{"requestType":"text","userInput":{"prompt":[]}}""", "validation_error")]
    [InlineData("""{"requestType":"text"}""", "validation_error")]
    [InlineData("""{"requestType":"poem","userInput":{"prompt":"x"}}""", "validation_error")]
    [InlineData("""{"requestType":"image","userInput":{"prompt":"x"}}""", "configuration_error")]
    [InlineData("""{"requestType":"text","userInput":{"prompt":[{"type":"image_url","image_url":{"url":"x"}}]}}""", "configuration_error")]
    [InlineData("""{"requestType":"text","userInput":{"prompt":"x"},"customerId":43}""", "forbidden")]
    [InlineData("""{"request_type":"text","user_input":{"prompt":"x","session_id":"a:b"}}""", "validation_error")]
    public async Task Request_ThatCannotBeServed_GetsAnErrorAndNoRun(string payload, string code)
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken { CustomerId = "42" }, "/chat/ws");

        await socket.SendTextAsync(payload);
        await socket.SendAsync(new { type = "ping" });
        var answers = await socket.ReadUntilAsync("pong");

        Assert.Equal(["error", "pong"], answers.Types());
        Assert.Equal(code, answers[0].TextOf("code"));
    }

    [Fact]
    public async Task Request_NamingASession_RunsInItAndItsOtherConnectionsSeeIt()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        var user = new TestToken();
        await using var chat = await host.ConnectAsync(user, "/chat/ws");
        await using var screen = await host.ConnectAsync(user, "/ws/shared");

        await chat.SendAsync(new { request_type = "text", user_input = new { prompt = "hi", session_id = "shared" }, customer_id = user.UserId });
        var run = await chat.ReadRunAsync();
        var seen = await screen.ReadRunAsync();

        Assert.Equal("shared", run[0].TextOf("session_id"));
        Assert.Equal(run.Raws(), seen.Raws());
    }

    [Fact]
    [Trait("Spec", "T000-016")]
    [Trait("Spec", "T002-007")]
    public async Task Messages_TwentyAtOnce_AreAnsweredOneAfterAnotherInOrder()
    {
        await using var host = await ChatHost.StartAsync(Scripts.Echo);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        for (var index = 0; index < 20; index++)
        {
            await socket.SendAsync(new { type = "chat_message", message = $"m{index}" });
        }

        for (var index = 0; index < 20; index++)
        {
            var run = await socket.ReadRunAsync();
            FrameRules.Check(run);
            Assert.Equal($"echo: m{index}", run.First(frame => frame.Type == "text_completed").TextOf("content"));
        }
    }

    [Fact]
    public async Task Message_BeyondTheQueue_GetsBufferOverflowAndTheOthersAreAnswered()
    {
        var go = new TaskCompletionSource();
        await using var host = await ChatHost.StartAsync(Scripts.Waiting(go.Task), new() { ["Runs:QueueLength"] = "3" });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        await socket.SendAsync(new { type = "chat_message", message = "m0" });
        await socket.ReadUntilAsync("tool_executing");

        for (var index = 1; index <= 4; index++)
        {
            await socket.SendAsync(new { type = "chat_message", message = $"m{index}" });
        }

        var error = await socket.ReadAsync();
        go.SetResult();
        var answers = new List<string?>();
        for (var index = 0; index < 4; index++)
        {
            answers.Add((await socket.ReadUntilAsync("text_completed"))[^1].TextOf("content"));
        }

        Assert.Equal(("error", "buffer_overflow"), (error.Type, error.TextOf("code")));
        Assert.Null(error.RunId);
        Assert.Equal(["part m0", "part m1", "part m2", "part m3"], answers);
    }

    [Fact]
    [Trait("Spec", "T000-014")]
    [Trait("Spec", "T002-087")]
    public async Task Agent_ThatFails_EndsTheRunWithAnErrorAndTheNextMessageWorks()
    {
        await using var host = await ChatHost.StartAsync(async (run, output, token, cancellationToken) =>
        {
            if (run.Message != "fail")
            {
                return await Scripts.Echo(run, output, token, cancellationToken);
            }

            await output.EmitAsync(new TextChunkFrame("so far", 6), cancellationToken);
            await output.EmitAsync(Scripts.Executing("call_1"), cancellationToken);
            throw new DomainException(DomainErrorKind.Upstream, "model.provider_error", "The model does not answer.");
        });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var failed = await socket.AskAsync("fail");
        var next = await socket.AskAsync("again");

        FrameRules.Check(failed);
        FrameRules.Check(next);
        var error = failed.First(frame => frame.Type == "error");
        Assert.Equal(("provider_error", "The model does not answer."), (error.TextOf("code"), error.TextOf("content")));
        Assert.Equal("failed", failed[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.Equal("so far", failed[^1].Json.GetProperty("payload").GetProperty("result").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Agent_ThatBreaks_SaysInternalErrorAndNothingOfTheCause()
    {
        await using var host = await ChatHost.StartAsync((_, _, _, _) => throw new InvalidOperationException("secret detail"));
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var run = await socket.AskAsync("hello");

        FrameRules.Check(run);
        Assert.Equal("internal_error", run.First(frame => frame.Type == "error").TextOf("code"));
        Assert.DoesNotContain(run, frame => frame.Raw.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OverItsTimeLimit_EndsWithTimeout()
    {
        await using var host = await ChatHost.StartAsync(
            Scripts.Waiting(new TaskCompletionSource().Task), new() { ["Runs:TimeLimitSeconds"] = "1" });
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var run = await socket.AskAsync("hello");

        FrameRules.Check(run);
        Assert.Equal("timeout", run.First(frame => frame.Type == "error").TextOf("code"));
    }

    [Fact]
    [Trait("Spec", "T002-014")]
    public async Task Runs_OfOneUserBeyondTheLimit_WaitForASlotOverReplicas()
    {
        var running = new ConcurrentDictionary<string, TaskCompletionSource>();
        var started = new SemaphoreSlim(0);
        async Task<AgentOutcome> Held(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
        {
            var go = running[run.Message] = new();
            started.Release();
            await go.Task.WaitAsync(cancellationToken);
            return await Scripts.Echo(run, output, token, cancellationToken);
        }

        await using var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "2" });
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var one = await host.ConnectAsync(user, "/ws/s1");
        await using var two = await other.ConnectAsync(user, "/ws/s2");
        await using var three = await other.ConnectAsync(user, "/ws/s3");
        await one.SendAsync(new { type = "chat_message", message = "m1" });
        await two.SendAsync(new { type = "chat_message", message = "m2" });
        Assert.True(await started.WaitAsync(ChatSocket.Timeout) && await started.WaitAsync(ChatSocket.Timeout));

        await three.SendAsync(new { type = "chat_message", message = "m3" });
        Assert.False(await started.WaitAsync(TimeSpan.FromMilliseconds(500)));
        running["m1"].SetResult();
        await one.ReadRunAsync();
        Assert.True(await started.WaitAsync(ChatSocket.Timeout));
        running["m2"].SetResult();
        running["m3"].SetResult();

        FrameRules.Check(await two.ReadRunAsync());
        FrameRules.Check(await three.ReadRunAsync());
    }

    [Fact]
    public async Task Runs_OfOneSessionOnTwoReplicas_GoOneAfterAnother()
    {
        var inside = 0;
        var most = 0;
        async Task<AgentOutcome> Counted(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            var outcome = await Scripts.Echo(run, output, token, cancellationToken);
            Interlocked.Decrement(ref inside);
            return outcome;
        }

        await using var host = await ChatHost.StartAsync(Counted);
        await using var other = host.StartReplica();
        var user = new TestToken();
        await using var here = await host.ConnectAsync(user, "/ws/s1");
        await using var there = await other.ConnectAsync(user, "/ws/s1");
        for (var index = 0; index < 5; index++)
        {
            await here.SendAsync(new { type = "chat_message", message = $"here {index}" });
            await there.SendAsync(new { type = "chat_message", message = $"there {index}" });
        }

        for (var index = 0; index < 10; index++)
        {
            var seen = await here.ReadRunAsync();
            FrameRules.Check(seen);
            Assert.Equal(seen.Raws(), (await there.ReadRunAsync()).Raws());
        }

        Assert.Equal(1, most);
    }
}
