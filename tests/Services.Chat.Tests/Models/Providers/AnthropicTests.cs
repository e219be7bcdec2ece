using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class AnthropicTests : IAsyncLifetime
{
    private const string Early = "claude-sonnet-4-5";
    private const string Current = "claude-opus-4-6";

    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.Anthropic, Early);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-017")]
    public async Task Send_Text_IsTheWiresRequestWithTheKeyInItsHeader()
    {
        var sent = await Bench.SendAsync("Hi");

        AssertJson("""{"model":"claude-sonnet-4-5","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""", sent.Json);
        Assert.Equal(("/v1/messages", "secret-key"), (sent.Path, sent.Headers["x-api-key"]));
        Assert.True(sent.Headers.ContainsKey("anthropic-version"));
        Assert.False(sent.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    [Trait("Spec", "T001-018")]
    [Trait("Spec", "T001-105")]
    public async Task Send_SystemPrompts_StandApartWhereverTheyStood()
    {
        var sent = await Bench.SendAsync(
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi"), new(ChatRole.System, "Be kind.")], new() { Instructions = "Be calm." });

        AssertJson("""[{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind."},{"type":"text","text":"Be calm."}]""", sent.Json.GetProperty("system"));
        AssertJson("""[{"role":"user","content":[{"type":"text","text":"Hi"}]}]""", sent.Json.GetProperty("messages"));
    }

    [Fact]
    public async Task Send_JsonWithoutASchema_IsAskedForInWords()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, "Hi")], new() { Instructions = "Be calm.", ResponseFormat = ChatResponseFormat.Json });

        AssertJson("""[{"type":"text","text":"Be calm.\n\nAnswer with one JSON object and nothing else."}]""", sent.Json.GetProperty("system"));
        Assert.False(sent.Json.TryGetProperty("output_config", out _));
    }

    [Fact]
    [Trait("Spec", "T001-019")]
    public async Task Send_History_AlternatesWithResultsFirst()
    {
        var sent = await Bench.SendAsync(
        [
            .. Samples.Conversation.Take(3),
            new(ChatRole.User, "Be quick."),
            new(ChatRole.Tool, [new FunctionResultContent("c1", JsonElement.Parse("""{"ok":true}"""))]),
            new(ChatRole.Tool, [new FunctionResultContent("c2", "none")]),
        ]);

        AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"Look."}]},
             {"role":"assistant","content":[{"type":"text","text":"Looking."},{"type":"tool_use","id":"c1","name":"find","input":{"n":1}},{"type":"tool_use","id":"c2","name":"find","input":{}}]},
             {"role":"user","content":[
               {"type":"tool_result","tool_use_id":"c1","is_error":false,"content":"{\"ok\":true}"},
               {"type":"tool_result","tool_use_id":"c2","is_error":false,"content":"none"},
               {"type":"text","text":"Be quick."}]}]
            """,
            sent.Json.GetProperty("messages"));
    }

    [Fact]
    [Trait("Spec", "T001-101")]
    public async Task Send_ConsecutiveTurnsOfOneSide_AreOneMessage()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, "One"), new(ChatRole.User, "Two"), new(ChatRole.Assistant, "A"), new(ChatRole.Assistant, "B"), new(ChatRole.User, "End")]);

        AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"One"},{"type":"text","text":"\n\nTwo"}]},
             {"role":"assistant","content":[{"type":"text","text":"A"},{"type":"text","text":"\n\nB"}]},
             {"role":"user","content":[{"type":"text","text":"End"}]}]
            """,
            sent.Json.GetProperty("messages"));
    }

    [Fact]
    [Trait("Spec", "T001-020")]
    public async Task Send_EarlyModelThatThinks_GetsNoSampling()
    {
        var sent = await Bench.SendAsync("Hi", Samples.Everything);

        // 100 tokens leave no room to think, so it does not; a thinking model refuses sampling.
        AssertJson("""{"model":"claude-sonnet-4-5","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"stop_sequences":["END"]}""", sent.Json);
    }

    [Fact]
    [Trait("Spec", "T001-020")]
    public async Task Send_EarlyModelThatDoesNotThink_GetsWhatOfTheSamplingItTakes()
    {
        var options = Samples.Everything;
        options.Reasoning = null;
        options.Temperature = 1.5f;

        var sent = await Bench.SendAsync("Hi", options);

        AssertJson(
            """{"model":"claude-sonnet-4-5","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"stop_sequences":["END"],"temperature":1,"top_k":40}""", sent.Json);
    }

    [Fact]
    [Trait("Spec", "T001-020")]
    public async Task Send_CurrentModel_GetsAnEffortAndNoSampling()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.Anthropic, Current);

        var sent = await bench.SendAsync("Hi", Samples.Everything);

        AssertJson(
            """
            {"model":"claude-opus-4-6","max_tokens":100,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"stop_sequences":["END"],
             "thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"low"}}
            """,
            sent.Json);
    }

    [Theory]
    [Trait("Spec", "T001-110")]
    [InlineData(ReasoningEffort.Low, 1024, 4096)]
    [InlineData(ReasoningEffort.Medium, 8192, 12288)]
    [InlineData(ReasoningEffort.High, 16384, 20480)]
    [InlineData(ReasoningEffort.ExtraHigh, 32768, 36864)]
    public async Task Send_Effort_IsABudgetWithRoomForTheAnswer(ReasoningEffort effort, int budget, int bound)
    {
        var sent = await Bench.SendAsync("Hi", new() { Reasoning = new() { Effort = effort }, Temperature = 0.2f });

        Assert.Equal((budget, bound, false), (sent.Json.GetProperty("thinking").GetProperty("budget_tokens").GetInt32(), sent.Json.GetProperty("max_tokens").GetInt32(), sent.Json.TryGetProperty("temperature", out _)));
    }

    [Fact]
    [Trait("Spec", "T001-114")]
    public async Task Send_Tools_AreListedWithTheirChoice()
    {
        var sent = await Bench.SendAsync("Hi", new() { Tools = [Samples.Find], AllowMultipleToolCalls = false });

        AssertJson("""[{"name":"find","description":"Finds.","input_schema":{"type":"object","properties":{"n":{"type":"integer"}},"additionalProperties":false}}]""", sent.Json.GetProperty("tools"));
        AssertJson("""{"type":"auto","disable_parallel_tool_use":true}""", sent.Json.GetProperty("tool_choice"));
    }

    [Fact]
    [Trait("Spec", "T001-115")]
    public async Task Send_ToolsOff_LeavesThemOut()
    {
        var none = await Bench.SendAsync("Hi", new() { Tools = [], ToolMode = ChatToolMode.Auto });
        var off = await Bench.SendAsync("Hi", new() { Tools = [Samples.Find], ToolMode = ChatToolMode.None });

        Assert.False(none.Json.TryGetProperty("tools", out _) || none.Json.TryGetProperty("tool_choice", out _));
        AssertJson("""{"type":"none"}""", off.Json.GetProperty("tool_choice"));
    }

    [Fact]
    public async Task Send_ForcedCall_IsMadeWithoutThinking()
    {
        var sent = await Bench.SendAsync("Hi", new() { Tools = [Samples.Find], ToolMode = ChatToolMode.RequireSpecific("find"), Reasoning = new() { Effort = ReasoningEffort.High } });

        AssertJson("""{"type":"tool","name":"find"}""", sent.Json.GetProperty("tool_choice"));
        Assert.False(sent.Json.TryGetProperty("thinking", out _));
    }

    [Fact]
    public async Task Send_ToolUseWhoseThoughtsAreLost_IsContinuedWithoutThinking()
    {
        var sent = await Bench.SendAsync(Samples.Conversation.Take(4), new() { Tools = [Samples.Find], Reasoning = new() { Effort = ReasoningEffort.High } });

        Assert.False(sent.Json.TryGetProperty("thinking", out _));
    }

    [Fact]
    public async Task Send_Attachments_AreBlocks()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User,
        [
            new TextContent("Look:"), new UriContent("https://example.org/a.png", "image/*"), new DataContent((byte[])[1, 2, 3], "image/png"), new DataContent((byte[])[1, 2, 3], "application/pdf"),
        ])]);

        AssertJson(
            """
            [{"type":"text","text":"Look:"},
             {"type":"image","source":{"type":"url","url":"https://example.org/a.png"}},
             {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},
             {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AQID"}}]
            """,
            sent.Json.GetProperty("messages")[0].GetProperty("content"));
    }

    [Fact]
    public async Task Send_Audio_IsRefusedByItsType()
    {
        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync([new(ChatRole.User, [new DataContent((byte[])[1], "audio/wav")])]));

        Assert.Equal(("model.unsupported_content", "This model does not take audio/wav."), (failure.Code, failure.Message));
        Assert.Empty(Bench.Server.Requests);
    }

    [Fact]
    [Trait("Spec", "T001-021")]
    [Trait("Spec", "T001-116")]
    public async Task Stream_ThoughtAndText_StayApartInOrder()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(
            new ModelStep.Thought("Hm, "), new ModelStep.Thought("so.", "sig"), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two")) with
        { CachedTokens = 5 });

        Assert.Equal(["thought Hm, ", "thought so.", "signature sig", "text One", "text  two", "usage 12 7 cached 5 thought 0", "end stop"], lines);
    }

    [Fact]
    public async Task Send_ThoughtOfAStream_GoesBackSignedBeforeItsCall()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm, "), new ModelStep.Thought("so.", "sig"), new ModelStep.ToolCall("find", "{}", "c1")));
        var answered = await Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();
        await Bench.Server.NextRequestAsync();

        var sent = await Bench.SendAsync(
        [
            new(ChatRole.User, "Hi"), .. answered.Messages, new(ChatRole.Tool, [new FunctionResultContent("c1", "none")]),
            new(ChatRole.Assistant, [new TextReasoningContent("Unsigned."), new TextContent("Fine.")]), new(ChatRole.User, "Bye"),
        ]);

        AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"Hi"}]},
             {"role":"assistant","content":[{"type":"thinking","thinking":"Hm, so.","signature":"sig"},{"type":"tool_use","id":"c1","name":"find","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":false,"content":"none"}]},
             {"role":"assistant","content":[{"type":"text","text":"Fine."}]},
             {"role":"user","content":[{"type":"text","text":"Bye"}]}]
            """,
            sent.Json.GetProperty("messages"));
    }

    [Fact]
    [Trait("Spec", "T001-022")]
    public async Task Stream_ToolCalls_ComeInPiecesAndThenWhole()
    {
        var lines = await Bench.StreamAsync(
            ModelReply.Of(new ModelStep.TextDelta("Looking."), new ModelStep.ToolCall("find", """{"n":1,"query":"Ana"}""", "c1"), new ModelStep.ToolCall("list", "{}", "c2")), Samples.WithTools);

        Assert.Equal(
            [
                "text Looking.",
                "piece c1 find ", "piece c1 find {\"n\":1,\"quer", "piece c1 find y\":\"Ana\"}", "call c1 find {\"n\":1,\"query\":\"Ana\"}",
                "piece c2 list ", "piece c2 list {}", "call c2 list {}", "usage 12 7 cached 0 thought 0", "end tool_calls",
            ],
            lines);
    }

    [Fact]
    [Trait("Spec", "T001-022")]
    [Trait("Spec", "T001-113")]
    public async Task Complete_ToolCall_IsForTheCallerToAnswer()
    {
        Bench.Server.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1")));

        var response = await Bench.Client.GetResponseAsync("Hi", Samples.WithTools);

        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal(("c1", "find", """{"n":1}""", false), (call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments), call.InformationalOnly));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    [Trait("Spec", "T001-023")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Fact]
    [Trait("Spec", "T001-023")]
    public async Task Stream_OverloadedMidway_EndsWithItsCode()
    {
        Bench.Server.Enqueue(ModelReply.Of(
            new ModelStep.TextDelta("Half"), new ModelStep.Raw("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"secret words\"}}\n\n")));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.overloaded", failure.Code);
        Assert.DoesNotContain("secret words", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_PromptTooLong_IsToldApart()
    {
        Bench.Server.Enqueue(ModelReply.Refuse(HttpStatusCode.BadRequest, "prompt is too long: 204001 tokens > 200000 maximum"));

        Assert.Equal("provider.context_too_long", (await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"))).Code);
    }

    [Fact]
    [Trait("Spec", "T001-024")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);

    [Fact]
    public Task Stream_Broken_IsNotTakenForWhole() => ProviderFailures.AssertBrokenAsync(Bench, "event: content_block_delta\ndata: {\"broken\":\n\n");

    [Theory]
    [InlineData("[null]")]
    [InlineData("""[{"type":"text","text":"Hi"},null]""")]
    [InlineData("""[5]""")]
    [InlineData("""[],"\ud800content":1""")]
    public async Task Complete_ContentThatIsNoBlock_CannotBeRead(string content)
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.Raw(
            $$$"""{"id":"m","type":"message","role":"assistant","model":"x","content":{{{content}}},"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""")));

        Assert.Equal("provider.unreadable_reply", (await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"))).Code);
    }

    [Theory]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":null}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":null}""")]
    [InlineData("""{"type":"message_start","message":null}""")]
    [InlineData("""{"type":"message_delta","delta":null,"usage":null}""")]
    [InlineData("null")]
    public async Task Stream_EventThatIsNone_CannotBeRead(string data)
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw($"event: x\ndata: {data}\n\n")));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.unreadable_reply", failure.Code);
    }

    [Fact]
    [Trait("Spec", "T001-108")]
    public async Task Send_NothingSaid_IsNoError() => Assert.Single((await Bench.SendAsync([])).Messages);

    [Fact]
    public async Task Call_KeysInTheEnvironment_AreNotUsed()
    {
        var before = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
        Environment.SetEnvironmentVariable("ANTHROPIC_API_KEY", "of-somebody-else");

        try
        {
            await using var bench = await ProviderBench.StartAsync(ModelProvider.Anthropic, Early);
            Assert.Equal("secret-key", (await bench.SendAsync("Hi")).Headers["x-api-key"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ANTHROPIC_API_KEY", before);
        }
    }

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected}\nbut was {actual.GetRawText()}");
}
