using System.Diagnostics;
using System.Text.Json;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tests.Tools;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>Runs over the wire of a real provider: what the model is sent, and what becomes of what it sends.</summary>
public class ProviderRunTests
{
    [Fact]
    [Trait("Spec", "T000-097")]
    [Trait("Spec", "T000-095")]
    public async Task Run_TwoToolsInTurn_OverTheWire()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(
            ModelReply.ToolCalls(new ModelStep.ToolCall("search_clients", """{"query":"Maya"}""", "call_a")),
            ModelReply.ToolCalls(new ModelStep.ToolCall("get_client_summary", $$"""{"client_id":"{{Sample.ClientId}}"}""", "call_b")),
            ModelReply.Text("Maya Okafor sleeps poorly."));
        await using var harness = await StartAsync(server);
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients).On($"GET /api/v1/clients/{Sample.ClientId}/summary", Sample.Summary);

        var outcome = await harness.RunAsync();

        Assert.Equal(
            ["agent_thinking", "tool_executing", "tool_completed", "agent_thinking", "tool_executing", "tool_completed", "text_chunk"],
            harness.FrameTypes.Take(7));
        Assert.Equal("Maya Okafor sleeps poorly.", outcome.Text);
        Assert.Equal(new UsagePayload(36, 21, 0m), outcome.Usage);
        Assert.Equal(13, server.Requests[0].Tools.Count);
        Assert.Equal(0.7f, server.Requests[0].Json.GetProperty("temperature").GetSingle());
        var last = server.Requests[2].Messages;
        Assert.Equal(["system", "user", "assistant", "tool", "assistant", "tool"], last.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("call_b", last[5].GetProperty("tool_call_id").GetString());
        var told = JsonElement.Parse(last[5].GetProperty("content").GetString()!);
        Assert.True(told.GetProperty("success").GetBoolean());
        Assert.Equal("Poor sleep", told.GetProperty("result").GetProperty("presenting_concerns").GetString());
    }

    [Fact]
    public async Task Run_ModelCannotWriteJson_IsToldAndGoesOn()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(
            ModelReply.ToolCalls(new ModelStep.ToolCall("search_clients", """{"query":""", "call_a")),
            ModelReply.Text("I could not search."));
        await using var harness = await StartAsync(server);

        var outcome = await harness.RunAsync();

        var told = JsonElement.Parse(server.Requests[1].Messages[^1].GetProperty("content").GetString()!);
        Assert.Equal("validation_error", told.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("I could not search.", outcome.Text);
        Assert.Empty(harness.Api.Requests);
    }

    [Fact]
    public async Task Run_Cancelled_ReachesTheProvidersConnection()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.Hang());
        await using var harness = await StartAsync(server);
        using var cancel = new CancellationTokenSource();

        var run = harness.RunAsync(cancellationToken: cancel.Token);
        var asked = await server.NextRequestAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(await asked.Ended.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    [Trait("Spec", "T002-093")]
    public async Task Run_WithATool_MakesSpansOfTheRunAndTheToolInOneTrace()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AiPlatform.Services.Chat",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(
            ModelReply.ToolCalls(new ModelStep.ToolCall("search_clients", """{"query":"Maya"}""", "call_a")), ModelReply.Text("Found."));
        await using var harness = await StartAsync(server);
        harness.Api.On("GET /api/v1/clients/search", Sample.Clients);

        await harness.RunAsync();

        var run = Assert.Single(spans, span => Equals(span.GetTagItem("chat.run.id"), harness.RunId.ToString()));
        Assert.Equal(("invoke_agent web_assistant", "web_assistant"), (run.OperationName, run.GetTagItem("gen_ai.agent.name")));
        var tool = Assert.Single(spans, span => span.TraceId == run.TraceId && span.OperationName == "execute_tool search_clients");
        Assert.Equal("call_a", tool.GetTagItem("gen_ai.tool.call.id"));
        Assert.DoesNotContain(
            spans.Where(span => span.TraceId == run.TraceId).SelectMany(span => span.TagObjects),
            tag => tag.Value?.ToString()?.Contains("Maya", StringComparison.Ordinal) is true);
    }

    private static Task<AgentHarness> StartAsync(ModelServer server) => AgentHarness.StartWithModelsAsync(
        null, ("Models:OpenAi:BaseUrl", server.BaseUrl), ("Models:OpenAi:ApiKey", "key"), ("Models:OpenAi:Model", "test-model"));
}
