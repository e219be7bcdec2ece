using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>What a run that did not come to its end says it has used, on the wire and in its record.</summary>
public sealed class PartialUsageTests
{
    private static readonly ModelReply ToolRound = ModelReply.ToolCalls(new ModelStep.ToolCall("check_document_readiness", "{}", "call_a"));

    [Fact]
    public async Task Cancel_InTheMiddleOfARound_ReportsTheCountedRoundAndAnEstimateOfTheOther()
    {
        await using var model = await ModelServer.StartAsync();
        model.Enqueue(
            ToolRound,
            ModelReply.Of([.. ModelStep.Words("half an answer"), new ModelStep.Wait(Timeout.InfiniteTimeSpan)]));
        await using var host = await StartAsync(model);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        await socket.SendAsync(new { type = "chat_message", message = "hello" });
        var before = await socket.ReadUntilAsync(frame => frame.TextOf("content") == " answer");
        await socket.SendAsync(new { type = "cancel" });
        var last = (await socket.ReadUntilAsync("agent_completed"))[^1];

        var usage = UsageOf(last);
        var system = model.Requests[1].Messages.Sum(message => message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString()!.Length : 0);
        Assert.True(usage.GetProperty("estimated").GetBoolean());
        Assert.Equal(7 + 4, usage.GetProperty("output_tokens").GetInt64());
        Assert.InRange(usage.GetProperty("input_tokens").GetInt64(), 12 + (system / 4), 12 + (system / 4) + 50);
        await RecordsAsync(host, user, before[^1].RunId!, "cancelled", usage);
    }

    [Fact]
    public async Task Run_WhoseProviderFailsInItsSecondRound_ReportsWhatTheFirstUsed()
    {
        await using var model = await ModelServer.StartAsync();
        model.Enqueue(ToolRound);
        model.Respond = _ => ModelReply.Refuse(System.Net.HttpStatusCode.BadRequest, "No.", "invalid_request_error");
        await using var host = await StartAsync(model);
        var user = new TestToken();
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        var run = await socket.AskAsync("hello");

        var usage = UsageOf(run[^1]);
        Assert.Equal("""{"input_tokens":12,"output_tokens":7,"cost_usd":0}""", usage.GetRawText());
        await RecordsAsync(host, user, run[0].RunId!, "failed", usage);
    }

    private static JsonElement UsageOf(ReceivedFrame completed) => completed.Json.GetProperty("payload").GetProperty("usage");

    private static async Task RecordsAsync(ChatHost host, TestToken user, string runId, string status, JsonElement usage)
    {
        using var client = host.CreateClient(user);
        var record = await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{runId}");
        var stored = record.GetProperty("usage");
        Assert.Equal(
            (status, usage.GetProperty("input_tokens").GetInt64(), usage.GetProperty("output_tokens").GetInt64()),
            (record.GetProperty("status").GetString(), stored.GetProperty("inputTokens").GetInt64(), stored.GetProperty("outputTokens").GetInt64()));
    }

    private static Task<ChatHost> StartAsync(ModelServer model) => ChatHost.StartAsync(settings: new()
    {
        ["Models:OpenAi:BaseUrl"] = model.BaseUrl,
        ["Models:OpenAi:ApiKey"] = "key",
        ["Models:OpenAi:Model"] = "test-model",
    });
}
