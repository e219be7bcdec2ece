using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tests.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using static AiPlatform.Services.Chat.Tests.Agents.ScriptedModel;

namespace AiPlatform.Services.Chat.Tests.Agents;

public class AgentRunnerTests
{
    private const string ClientId = Sample.ClientId;

    [Fact]
    [Trait("Spec", "T000-214")]
    [Trait("Spec", "T000-098")]
    public async Task Run_WithoutTools_StreamsTextAndEnds()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Good ", "", "morning.")));

        var outcome = await harness.RunAsync("Good morning");

        Assert.Equal([new TextChunkFrame("Good ", 5), new TextChunkFrame("morning.", 13)], harness.Frames);
        Assert.Equal("Good morning.", outcome.Text);
        Assert.Equal(1, outcome.Iterations);
        Assert.Equal(new UsagePayload(10, 5, 0m), outcome.Usage);
    }

    [Fact]
    [Trait("Spec", "T000-206")]
    [Trait("Spec", "T000-094")]
    [Trait("Spec", "T001-500")]
    public async Task Run_WithOneTool_EmitsFramesInOrderAndTellsTheModel()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "search_clients", new { query = "Maya" })),
            Says("I found Maya Okafor.")));
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients);

        var outcome = await harness.RunAsync();

        Assert.Equal(["agent_thinking", "tool_executing", "tool_completed", "text_chunk"], harness.FrameTypes);
        var thinking = Assert.IsType<AgentThinkingFrame>(harness.Frames[0]);
        Assert.Equal(new AgentThinkingPayload("web_assistant", "thinking", "Looking for the client.", 1, 10), thinking.Payload);
        var completed = Assert.IsType<ToolCompletedFrame>(harness.Frames[2]).Payload;
        Assert.Equal(("completed", "search_clients", "call-1", "Found 1 client."), (completed.Status, completed.ToolName, completed.ToolCallId, completed.Message));
        Assert.Equal(["assistant", "tool"], harness.Model.Requests[1].Messages.TakeLast(2).Select(message => message.Role.Value));
        var told = harness.Told();
        Assert.True(told.GetProperty("success").GetBoolean());
        Assert.Equal(ClientId, told.GetProperty("result").GetProperty("clients")[0].GetProperty("client_id").GetString());
        Assert.Equal([new ToolCallSummary("call-1", "search_clients", "completed")], outcome.ToolCalls);
        Assert.Equal(new UsagePayload(30, 12, 0m), outcome.Usage);
    }

    [Fact]
    public async Task Run_WithProviderFrames_WrapsEachCall()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "search_clients", new { query = "Maya" })),
            Says("Found.")));
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients);

        await harness.RunAsync(harness.Run(providerFrames: true));

        Assert.Equal(["agent_thinking", "tool_start", "tool_executing", "tool_completed", "tool_result", "text_chunk"], harness.FrameTypes);
    }

    [Fact]
    [Trait("Spec", "T000-099")]
    public async Task Run_WithEqualCallsInOneRound_ExecutesOnceAndAnswersBoth()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(
                Call("call-1", "search_clients", new { query = "Maya", limit = 5 }),
                Call("call-2", "search_clients", new { limit = 5, query = "Maya" })),
            Says("Found.")));
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients);

        var outcome = await harness.RunAsync();

        Assert.Single(harness.Api.Requests);
        Assert.Single(outcome.ToolCalls);
        Assert.Equal(["call-1", "call-2"], harness.Model.Requests[1].Results.Select(result => result.CallId));
        Assert.Equal(["call-1", "call-2"], [harness.Told(0).GetProperty("tool_call_id").GetString()!, harness.Told(1).GetProperty("tool_call_id").GetString()!]);
    }

    [Fact]
    [Trait("Spec", "T000-110")]
    [Trait("Spec", "T000-215")]
    [Trait("Spec", "T000-193")]
    public async Task Run_AtTheRoundLimit_SaysSoWithoutAskingAgain()
    {
        await using var harness = await AgentHarness.StartAsync(
            new(Calls(Call("call", "check_document_readiness"))), null, ("Agents:MaxRounds", "3"));

        var outcome = await harness.RunAsync();

        Assert.Equal(3, harness.Model.Requests.Count);
        Assert.Equal(3, outcome.Iterations);
        Assert.Equal(2, outcome.ToolCalls.Count);
        Assert.StartsWith("I reached the limit of 3 steps", outcome.Text, StringComparison.Ordinal);
        Assert.Equal("text_chunk", harness.FrameTypes.Last());
    }

    [Fact]
    public async Task Run_ModelRepeatsItsCallIds_FramesStayUniqueAndTheModelGetsItsOwn()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call_0", "check_document_readiness")),
            Calls(Call("call_0", "check_document_readiness")),
            Says("Done.")));

        var outcome = await harness.RunAsync();

        Assert.Equal(["call_0", "call_0_2"], outcome.ToolCalls.Select(call => call.ToolCallId));
        Assert.All(harness.Model.Requests[2].Results, result => Assert.Equal("call_0", result.CallId));
    }

    [Fact]
    [Trait("Spec", "T000-207")]
    public async Task Run_WithSixCalls_RunsFourAtATimeInTheOrderAsked()
    {
        var waiting = 0;
        var most = 0;
        var fourAreThere = new TaskCompletionSource();
        await using var harness = await AgentHarness.StartAsync(new(
            Calls([.. Enumerable.Range(1, 6).Select(number => Call($"call-{number}", "search_clients", new { query = $"Client {number}" }))]),
            Says("Done.")));
        harness.Api.On("GET /api/v1/clients/search", async context =>
        {
            var now = Interlocked.Increment(ref waiting);
            InterlockedMax(ref most, now);
            if (now == 4)
            {
                fourAreThere.TrySetResult();
            }

            await fourAreThere.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Interlocked.Decrement(ref waiting);
            await context.Response.WriteAsync(Sample.Clients);
        });

        await harness.RunAsync();

        Assert.Equal(4, most);
        Assert.Equal(
            ["call-1", "call-2", "call-3", "call-4", "call-5", "call-6"],
            harness.Frames.OfType<ToolExecutingFrame>().Select(frame => frame.Payload.ToolCallId));
        Assert.Equal(
            ["call-1", "call-2", "call-3", "call-4", "call-5", "call-6"],
            harness.Model.Requests[1].Results.Select(result => result.CallId));
    }

    [Fact]
    [Trait("Spec", "T000-046")]
    [Trait("Spec", "T000-223")]
    [Trait("Spec", "T000-119")]
    public async Task Run_SecondOfThreeToolsFails_TheThirdRunsAndTheModelIsTold()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "search_clients", new { query = "Maya" })),
            Calls(Call("call-2", "get_client_summary", new { client_id = ClientId })),
            Calls(Call("call-3", "search_sessions", new { client_id = ClientId })),
            Says("Done.")));
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients).On("GET /api/v1/sessions/search", """{"items":[],"total":0}""");

        var outcome = await harness.RunAsync();

        Assert.Equal(["completed", "failed", "completed"], outcome.ToolCalls.Select(call => call.Status));
        Assert.Equal("not_found", harness.Told(1).GetProperty("error").GetProperty("code").GetString());
        var failed = harness.Frames.OfType<ToolCompletedFrame>().ElementAt(1).Payload;
        Assert.Equal(("failed", "not_found", true), (failed.Status, failed.Error!.Code, failed.Result is null));
    }

    [Fact]
    public async Task Run_Cancelled_StopsTheToolAndTheRun()
    {
        using var cancel = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var harness = await AgentHarness.StartAsync(new(Calls(Call("call-1", "search_clients", new { query = "Maya" }))));
        harness.Api.On("GET /api/v1/clients/search", async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            asked.TrySetResult();
            await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        });

        var run = harness.RunAsync(cancellationToken: cancel.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["agent_thinking", "tool_executing"], harness.FrameTypes);
    }

    [Fact]
    public async Task Run_CancelledWhileTheModelSpeaks_StopsTheModel()
    {
        using var cancel = new CancellationTokenSource();
        await using var harness = await AgentHarness.StartAsync(new(Says("One ", "two ", "three.")));
        harness.OnFrame = _ => cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.RunAsync(cancellationToken: cancel.Token));

        Assert.Equal([new TextChunkFrame("One ", 4)], harness.Frames);
    }

    [Fact]
    public async Task Run_ModelFails_TheFailureIsTheCallers()
    {
        var failure = new DomainException(DomainErrorKind.Timeout, "model.timeout", "The model did not answer in time.");
        await using var harness = await AgentHarness.StartAsync(new((_, _) => throw failure));

        var thrown = await Assert.ThrowsAsync<DomainException>(() => harness.RunAsync());

        Assert.Same(failure, thrown);
    }

    [Fact]
    [Trait("Spec", "T001-137")]
    public async Task Run_ModelReasons_ThinkingChunksAreNoText()
    {
        await using var harness = await AgentHarness.StartAsync(new(Emits(new TextReasoningContent("Who is meant?"), new TextContent("Which client?"))));

        var outcome = await harness.RunAsync();

        Assert.Equal([new ThinkingChunkFrame("Who is meant?"), new TextChunkFrame("Which client?", 13)], harness.Frames);
        Assert.Equal("Which client?", outcome.Text);
    }

    [Fact]
    [Trait("Spec", "T002-038")]
    [Trait("Spec", "T002-022")]
    public async Task Run_TextBetweenTools_IsPartedAndThinkingDiffers()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Emits(new TextContent("I look."), Call("call-1", "search_clients", new { query = "Maya" })),
            Calls(Call("call-2", "search_clients", new { query = "Okafor" })),
            Says("Found.")));
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients);

        var outcome = await harness.RunAsync();

        Assert.Equal("I look.\n\nFound.", outcome.Text);
        Assert.Equal([new TextChunkFrame("I look.", 7), new TextChunkFrame("\n\nFound.", 15)], harness.Frames.OfType<TextChunkFrame>());
        var thinking = harness.Frames.OfType<AgentThinkingFrame>().Select(frame => (frame.Payload.StepNumber, frame.Payload.Reasoning));
        Assert.Equal([(1, "Looking for the client."), (2, "Step 2: Looking for the client.")], thinking);
    }

    [Fact]
    [Trait("Spec", "T000-103")]
    [Trait("Spec", "T000-216")]
    public async Task Run_ToolChangesTheScreen_TheNextRoundSeesIt()
    {
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "load_session", new { session_id = Sample.SessionId, client_id = Sample.ClientId })),
            Says("Loaded.")));
        harness.Api.On($"GET /api/v1/sessions/{Sample.SessionId}", Sample.Session);

        await harness.RunAsync();

        Assert.DoesNotContain(Sample.SessionId, harness.Model.Requests[0].System, StringComparison.Ordinal);
        Assert.Contains(Sample.SessionId, harness.Model.Requests[1].System, StringComparison.Ordinal);
        Assert.DoesNotContain("sleep", harness.Model.Requests[1].System, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputIsLost_StopsTheOtherCallsAndSaysNoMore()
    {
        var lost = new InvalidOperationException("The run log is gone.");
        var asked = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var harness = await AgentHarness.StartAsync(new(
            Calls(Call("call-1", "search_clients", new { query = "Maya" }), Call("call-2", "get_client_summary", new { client_id = ClientId }))));
        harness.Api.On("GET /api/v1/clients/search", async context =>
        {
            context.RequestAborted.Register(() => aborted.TrySetResult());
            asked.TrySetResult();
            await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        });
        harness.Api.On($"GET /api/v1/clients/{ClientId}/summary", async context =>
        {
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await context.Response.WriteAsync(Sample.Summary);
        });
        harness.OnFrame = frame => _ = frame is ToolCompletedFrame ? throw lost : 0;

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => harness.RunAsync());

        Assert.Same(lost, thrown);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["agent_thinking", "tool_executing", "tool_executing", "tool_completed"], harness.FrameTypes);
    }

    [Fact]
    public async Task Run_ModelSaysNothing_IsAFailureOfTheModel()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("")));

        var thrown = await Assert.ThrowsAsync<DomainException>(() => harness.RunAsync());

        Assert.Equal((DomainErrorKind.Upstream, "provider.empty_reply"), (thrown.Kind, thrown.Code));
    }

    [Fact]
    public async Task Run_ModelSaysNothingAfterTools_StillAnswers()
    {
        await using var harness = await AgentHarness.StartAsync(new(Calls(Call("call-1", "check_document_readiness")), Says("")));

        var outcome = await harness.RunAsync();

        Assert.Equal("The steps were carried out; the model gave no answer to go with them.", outcome.Text);
    }

    [Fact]
    public async Task Run_UnknownPersona_IsRejected()
    {
        await using var harness = await AgentHarness.StartAsync(new(Says("Hello.")));

        var thrown = await Assert.ThrowsAsync<DomainException>(() => harness.RunAsync(harness.Run() with { Persona = "nobody" }));

        Assert.Equal("persona.unknown", thrown.Code);
        Assert.Empty(harness.Frames);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
