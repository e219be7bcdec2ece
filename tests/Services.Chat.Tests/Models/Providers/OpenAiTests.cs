using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class OpenAiTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.OpenAi);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-001")]
    public async Task Send_Text_IsTheWiresRequest()
    {
        var sent = await Bench.SendAsync("Hällo \"you\"");

        Assert.Equal("""{"model":"test-model","messages":[{"role":"user","content":"Hällo \"you\""}]}""", sent.Raw);
        Assert.Equal(("/v1/chat/completions", "Bearer secret-key", "application/json"), (sent.Path, sent.Headers["Authorization"], sent.Headers["Content-Type"]));
    }

    [Fact]
    [Trait("Spec", "T001-002")]
    public async Task Send_SystemPrompt_IsTheFirstMessage()
    {
        var sent = await Bench.SendAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")], new() { Instructions = "Be kind." });

        Assert.Equal(
            """[{"role":"system","content":"Be kind."},{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""",
            sent.Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-003")]
    public async Task Send_History_KeepsOrderAndRoles()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal(
            """
            [{"role":"system","content":"Be brief."},
            {"role":"user","content":"Look."},
            {"role":"assistant","content":"Looking.","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"n\":1}"}},{"id":"c2","type":"function","function":{"name":"find","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"c1","content":"{\"ok\":true}"},
            {"role":"tool","tool_call_id":"c2","content":"none"},
            {"role":"assistant","content":"Found."},
            {"role":"user","content":"Thanks."}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-004")]
    [Trait("Spec", "T001-112")]
    public async Task Send_ReasoningModelOfOpenAi_LeavesOutWhatItRefuses()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "o4-mini", vendor: Vendors.OpenAi, reasons: true);

        var sent = await bench.SendAsync("Hi", Samples.Everything);

        Assert.Equal(
            """{"model":"o4-mini","messages":[{"role":"user","content":"Hi"}],"seed":7,"reasoning_effort":"low","stop":["END"],"max_completion_tokens":100}""", sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-111")]
    public async Task Send_StandardModel_GetsEverySettingButTheEffort()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "gpt-4o", vendor: Vendors.OpenAi);

        var sent = await bench.SendAsync("Hi", Samples.Everything);

        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"top_p":0.9,"frequency_penalty":0.1,"presence_penalty":0.2,"seed":7,"max_tokens":100,"stop":["END"]}""",
            sent.Raw);
    }

    [Fact]
    public async Task Send_ToolsAndSchema_AreInTheWiresWords()
    {
        var sent = await Bench.SendAsync("Hi", new()
        {
            Tools = [Samples.Find],
            ToolMode = ChatToolMode.RequireSpecific("find"),
            AllowMultipleToolCalls = false,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer"),
        });

        Assert.Equal(
            """
            {"model":"test-model","messages":[{"role":"user","content":"Hi"}],
            "response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}},
            "tools":[{"type":"function","function":{"name":"find","description":"Finds.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}}}],
            "tool_choice":{"type":"function","function":{"name":"find"}},"parallel_tool_calls":false}
            """.ReplaceLineEndings(""),
            sent.Raw);
    }

    [Fact]
    public async Task Send_Attachments_AreParts()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User,
        [
            new TextContent("Look:"),
            new UriContent("https://example.org/a.png", "image/*"),
            new DataContent((byte[])[1, 2, 3], "audio/wav"),
            new DataContent((byte[])[1, 2, 3], "application/pdf") { Name = "a.pdf" },
        ])]);

        Assert.Equal(
            """
            [{"type":"text","text":"Look:"},
            {"type":"image_url","image_url":{"url":"https://example.org/a.png"}},
            {"type":"input_audio","input_audio":{"data":"AQID","format":"wav"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("messages")[0].GetProperty("content").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-005")]
    public async Task Stream_Text_ComesInOrderWithUsageAndAnEnd()
    {
        var lines = await Bench.StreamAsync(ModelReply.Text("One two three.") with { CachedTokens = 4, ReasoningTokens = 2 });

        Assert.Equal(["text One", "text  two", "text  three.", "usage 12 7 cached 4 thought 2", "end stop"], lines);
        Assert.Equal("""{"include_usage":true}""", (await Bench.Server.NextRequestAsync()).Json.GetProperty("stream_options").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-006")]
    public async Task Stream_ToolCalls_ComeInPiecesAndThenWhole()
    {
        var lines = await Bench.StreamAsync(
            ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1,"query":"Ana"}""", "c1"), new ModelStep.ToolCall("list", "{}", "c2")), Samples.WithTools);

        Assert.Equal(
            [
                "piece c1 find ", "piece c1 find {\"n\":1,\"quer", "piece c1 find y\":\"Ana\"}", "piece c2 list ", "piece c2 list {}",
                "call c1 find {\"n\":1,\"query\":\"Ana\"}", "call c2 list {}", "usage 12 7 cached 0 thought 0", "end tool_calls",
            ],
            lines);
    }

    [Fact]
    [Trait("Spec", "T001-006")]
    public async Task Complete_ToolCall_IsForTheCallerToAnswer()
    {
        Bench.Server.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1")));

        var response = await Bench.Client.GetResponseAsync("Hi", Samples.WithTools);

        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal(("c1", "find", """{"n":1}""", false), (call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments), call.InformationalOnly));
        Assert.Equal((ChatFinishReason.ToolCalls, 12L, 7L), (response.FinishReason, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount));
    }

    [Fact]
    public async Task Stream_ArgumentsAreNoJson_CallCarriesTheFault()
    {
        Bench.Server.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":""")));

        var response = await Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        Assert.NotNull(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Exception);
    }

    [Fact]
    [Trait("Spec", "T001-007")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Theory]
    [InlineData("context_length_exceeded", "provider.context_too_long")]
    [InlineData("content_filter", "provider.content_filtered")]
    public async Task Call_RefusedWithACode_IsToldApart(string code, string expected)
    {
        Bench.Server.Enqueue(ModelReply.Refuse(System.Net.HttpStatusCode.BadRequest, code: code));

        Assert.Equal(expected, (await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"))).Code);
    }

    [Fact]
    [Trait("Spec", "T001-008")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);

    [Fact]
    public Task Stream_Broken_IsNotTakenForWhole() => ProviderFailures.AssertBrokenAsync(Bench);

    [Fact]
    public async Task Stream_ErrorMidway_EndsWithItsCode()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw("data: {\"error\":{\"message\":\"secret\",\"code\":429}}\n\n")));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.rate_limited", failure.Code);
    }

    [Fact]
    public async Task Call_SilentServer_EndsAtTheEndpointsTimeout()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, timeoutSeconds: 1);
        bench.Server.Enqueue(ModelReply.Hang());

        var failure = await Assert.ThrowsAsync<DomainException>(() => bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.timeout", failure.Code);
    }

    [Fact]
    public async Task Call_NobodyThere_IsUnreachable()
    {
        await Bench.Server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"));

        Assert.Equal("provider.unreachable", failure.Code);
    }

    [Fact]
    [Trait("Spec", "T001-103")]
    public async Task Send_NonAlternating_GoesAsItIs()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, "One"), new(ChatRole.User, "Two"), new(ChatRole.Assistant, "A"), new(ChatRole.Assistant, "B")]);

        Assert.Equal(["One", "Two", "A", "B"], sent.Messages.Select(message => message.GetProperty("content").GetString()));
    }

    [Fact]
    [Trait("Spec", "T001-108")]
    public async Task Send_NothingSaid_IsNoError()
    {
        Assert.Equal("[]", (await Bench.SendAsync([])).Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-109")]
    public async Task Send_FiveTurns_KeepTheirOrder()
    {
        var sent = await Bench.SendAsync(Samples.FiveTurns);

        Assert.Equal(Samples.FiveTurns.Select(message => message.Text), sent.Messages.Select(message => message.GetProperty("content").GetString()));
    }
}
