using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class ResponsesTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "gpt-4o", EndpointApi.Responses);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-009")]
    [Trait("Spec", "T001-072")]
    [Trait("Spec", "T001-076")]
    public async Task Send_Text_IsTheWiresRequest()
    {
        var sent = await Bench.SendAsync("Hi");

        Assert.Equal("""{"model":"gpt-4o","input":[{"role":"user","content":"Hi"}],"store":false}""", sent.Raw);
        Assert.Equal(("/v1/responses", "Bearer secret-key"), (sent.Path, sent.Headers["Authorization"]));
    }

    [Fact]
    [Trait("Spec", "T001-010")]
    [Trait("Spec", "T001-075")]
    public async Task Send_SystemPrompts_AreTheInstructions()
    {
        var sent = await Bench.SendAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi"), new(ChatRole.System, "Be quick.")], new() { Instructions = "Be kind." });

        Assert.Equal(
            """{"model":"gpt-4o","input":[{"role":"user","content":"Hi"},{"role":"developer","content":"Be quick."}],"store":false,"instructions":"Be kind.\n\nBe brief."}""", sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-011")]
    [Trait("Spec", "T001-077")]
    [Trait("Spec", "T001-078")]
    public async Task Send_History_BecomesItemsInOrder()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal(
            """
            [{"role":"user","content":"Look."},
            {"role":"assistant","content":[{"type":"output_text","text":"Looking."}]},
            {"type":"function_call","call_id":"c1","name":"find","arguments":"{\"n\":1}"},
            {"type":"function_call","call_id":"c2","name":"find","arguments":"{}"},
            {"type":"function_call_output","call_id":"c1","output":"{\"ok\":true}"},
            {"type":"function_call_output","call_id":"c2","output":"none"},
            {"role":"assistant","content":[{"type":"output_text","text":"Found."}]},
            {"role":"user","content":"Thanks."}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("input").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-073")]
    [Trait("Spec", "T001-074")]
    public async Task Send_ImagesAndFiles_AreParts()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User,
        [
            new TextContent("Look:"),
            new UriContent("https://example.org/a.png", "image/*") { AdditionalProperties = new() { ["detail"] = "low" } },
            new UriContent("https://example.org/a.pdf", "application/pdf"),
            new DataContent((byte[])[1, 2, 3], "application/pdf") { Name = "b.pdf" },
        ])]);

        Assert.Equal(
            """
            [{"type":"input_text","text":"Look:"},
            {"type":"input_image","image_url":"https://example.org/a.png","detail":"low"},
            {"type":"input_file","file_url":"https://example.org/a.pdf"},
            {"type":"input_file","filename":"b.pdf","file_data":"data:application/pdf;base64,AQID"}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("input")[0].GetProperty("content").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-012")]
    public async Task Send_ReasoningModel_GetsTheEffortAndNoSampling()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "gpt-5-nano", EndpointApi.Responses);

        var reasoning = await bench.SendAsync("Hi", Samples.Everything);
        var standard = await Bench.SendAsync("Hi", Samples.Everything);

        Assert.Equal(
            """{"model":"gpt-5-nano","input":[{"role":"user","content":"Hi"}],"store":false,"include":["reasoning.encrypted_content"],"max_output_tokens":100,"reasoning":{"effort":"low","summary":"auto"}}""",
            reasoning.Raw);
        Assert.Equal("""{"model":"gpt-4o","input":[{"role":"user","content":"Hi"}],"store":false,"max_output_tokens":100,"temperature":0.5,"top_p":0.9}""", standard.Raw);
    }

    [Fact]
    public async Task Send_ToolsAndSchema_AreInTheWiresWords()
    {
        var sent = await Bench.SendAsync("Hi", new()
        {
            Tools = [Samples.Find, new HostedWebSearchTool()],
            ToolMode = ChatToolMode.RequireSpecific("find"),
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer"),
        });

        Assert.Equal(
            """
            {"model":"gpt-4o","input":[{"role":"user","content":"Hi"}],"store":false,
            "text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object"},"strict":true}},
            "tools":[{"type":"function","name":"find","description":"Finds.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}},"strict":false},{"type":"web_search"}],
            "tool_choice":{"type":"function","name":"find"}}
            """.ReplaceLineEndings(""),
            sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-013")]
    public async Task Stream_ThoughtAndText_ComeInOrder()
    {
        var lines = await Bench.StreamAsync(
            ModelReply.Of(new ModelStep.Thought("Hm, "), new ModelStep.Thought("so.", "sealed"), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two")) with { CachedTokens = 5, ReasoningTokens = 3 });

        Assert.Equal(["thought Hm, ", "thought so.", "signature sealed", "text One", "text  two", "usage 12 7 cached 5 thought 3", "end stop"], lines);
    }

    [Fact]
    public async Task Send_ThoughtOfAStream_GoesBackSealedUnderItsId()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm, "), new ModelStep.Thought("so.", "sealed"), new ModelStep.ToolCall("find", "{}", "c1")));
        var answered = await Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();
        await Bench.Server.NextRequestAsync();

        var sent = await Bench.SendAsync([new(ChatRole.User, "Hi"), .. answered.Messages, new(ChatRole.Tool, [new FunctionResultContent("c1", "none")])]);

        Assert.Equal(
            """
            [{"role":"user","content":"Hi"},
            {"type":"reasoning","id":"rs_0","summary":[{"type":"summary_text","text":"Hm, so."}],"encrypted_content":"sealed"},
            {"type":"function_call","call_id":"c1","name":"find","arguments":"{}"},
            {"type":"function_call_output","call_id":"c1","output":"none"}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("input").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-014")]
    public async Task Stream_ToolCalls_ComeInPiecesAndThenWhole()
    {
        var lines = await Bench.StreamAsync(
            ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1,"query":"Ana"}""", "c1"), new ModelStep.ToolCall("list", "{}", "c2")), Samples.WithTools);

        Assert.Equal(
            [
                "piece c1 find ", "piece c1 find {\"n\":1,\"quer", "piece c1 find y\":\"Ana\"}", "call c1 find {\"n\":1,\"query\":\"Ana\"}",
                "piece c2 list ", "piece c2 list {}", "call c2 list {}", "usage 12 7 cached 0 thought 0", "end tool_calls",
            ],
            lines);
    }

    [Fact]
    [Trait("Spec", "T001-014")]
    public async Task Complete_ToolCall_IsForTheCallerToAnswer()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Looking."), new ModelStep.ToolCall("find", """{"n":1}""", "c1")));

        var response = await Bench.Client.GetResponseAsync("Hi", Samples.WithTools);

        var call = response.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(
            ("Looking.", "c1", "find", """{"n":1}""", false, ChatFinishReason.ToolCalls),
            (response.Text, call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments), call.InformationalOnly, response.FinishReason));
    }

    [Fact]
    [Trait("Spec", "T001-015")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Theory]
    [Trait("Spec", "T001-015")]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"secret"}}}""", "provider.rate_limited")]
    [InlineData("""{"type":"error","code":"server_error","message":"secret"}""", "provider.error")]
    public async Task Stream_FailsMidway_EndsWithItsCode(string data, string expected)
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw($"data: {data}\n\n")));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal(expected, failure.Code);
    }

    [Fact]
    [Trait("Spec", "T001-016")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);

    [Fact]
    public Task Stream_Broken_IsNotTakenForWhole() => ProviderFailures.AssertBrokenAsync(Bench);

    [Theory]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    public async Task Stream_Incomplete_SaysWhy(string scripted, string expected) =>
        Assert.Equal($"end {expected}", (await Bench.StreamAsync(ModelReply.Text("Half") with { FinishReason = scripted }))[^1]);

    [Fact]
    [Trait("Spec", "T001-065")]
    [Trait("Spec", "T001-071")]
    public void Take_CallNotFinished_Waits()
    {
        var calls = new ResponseCalls();

        Assert.Null(calls.Take(JsonElement.Parse("""{"type":"function_call","id":"fc_1","call_id":"c1","status":"in_progress","name":"find","arguments":""}""")));
        Assert.Null(calls.Take(JsonElement.Parse("""{"type":"function_call","id":"fc_2","call_id":"c2","status":"completed","name":"find"}""")));
    }

    [Fact]
    [Trait("Spec", "T001-066")]
    [Trait("Spec", "T001-070")]
    public void Take_SameCallAgain_IsReportedOnce()
    {
        var calls = new ResponseCalls();
        var item = JsonElement.Parse("""{"type":"function_call","id":"fc_1","call_id":"c1","status":"completed","name":"find","arguments":"{\"n\":1}"}""");

        Assert.Equal("c1", Assert.IsType<FunctionCallContent>(calls.Take(item)).CallId);
        Assert.Null(calls.Take(item));
    }

    [Fact]
    [Trait("Spec", "T001-067")]
    public void Take_CallWithoutId_IsKnownByWhatItSays()
    {
        var calls = new ResponseCalls();
        var first = JsonElement.Parse("""{"type":"function_call","name":"find","arguments":"{\"n\":1}"}""");
        var other = JsonElement.Parse("""{"type":"function_call","name":"find","arguments":"{\"n\":2}"}""");

        Assert.Equal([true, false, true], new[] { first, first, other }.Select(item => calls.Take(item) is not null));
    }

    [Fact]
    [Trait("Spec", "T001-068")]
    [Trait("Spec", "T001-069")]
    public async Task Stream_SearchOfTheProvider_IsToldWithItsQueryOnceItIsDone()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(
            new ModelStep.Raw("""data: {"type":"response.output_item.added","output_index":0,"item":{"type":"web_search_call","id":"ws_1","status":"in_progress","action":{"type":"search","query":"sl"}}}""" + "\n\n"),
            new ModelStep.Raw("""data: {"type":"response.output_item.done","output_index":0,"item":{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"sleep"}}}""" + "\n\n"),
            new ModelStep.TextDelta("Found.")));

        Assert.Equal(["search sleep", "text Found.", "usage 12 7 cached 0 thought 0", "end stop"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-070")]
    public async Task Stream_CallAddedWhole_IsReported()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(new ModelStep.Raw(
            """data: {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"c1","status":"completed","name":"find","arguments":"{}"}}""" + "\n\n")));

        Assert.Equal(["call c1 find {}", "usage 12 7 cached 0 thought 0", "end tool_calls"], lines);
    }

    [Theory]
    [Trait("Spec", "T001-079")]
    [Trait("Spec", "T001-080")]
    [Trait("Spec", "T001-081")]
    [InlineData("""{"type":"web_search_call","id":"ws_1","status":"completed","action":{"query":"sleep"}}""", typeof(WebSearchToolCallContent))]
    [InlineData("""{"type":"code_interpreter_call","id":"ci_1","status":"completed","code":"print(1)"}""", typeof(CodeInterpreterToolCallContent))]
    [InlineData("""{"type":"function_call","call_id":"c1","status":"completed","name":"find","arguments":"{}"}""", typeof(FunctionCallContent))]
    public void Extract_Item_BecomesACall(string item, Type kind) =>
        Assert.IsType(kind, Assert.Single(ResponseCalls.Extract(JsonElement.Parse($$"""{"output":[{{item}}]}"""))));

    [Theory]
    [Trait("Spec", "T001-082")]
    [InlineData("""{"output":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""{"output":null}""")]
    [InlineData("""[]""")]
    public void Extract_NoItems_GivesNone(string response) => Assert.Empty(ResponseCalls.Extract(JsonElement.Parse(response)));

    [Fact]
    [Trait("Spec", "T001-083")]
    public void Extract_NestedOutput_IsSearched() => Assert.Single(ResponseCalls.Extract(JsonElement.Parse(
        """{"type":"response.completed","response":{"output":[{"type":"message","content":[]},{"type":"function_call","call_id":"c1","status":"completed","name":"find","arguments":"{}"}]}}""")));
}
