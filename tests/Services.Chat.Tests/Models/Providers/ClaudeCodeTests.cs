using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class ClaudeCodeTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.ClaudeCode, "sonnet");

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-057")]
    public async Task Send_Text_IsTheWiresRequestWithTheKeyInItsHeader()
    {
        var sent = await Bench.SendAsync("Hi");

        Assert.Equal(
            """{"model":"sonnet","stream":true,"max_turns":1,"messages":[{"type":"user","message":{"role":"user","content":[{"type":"text","text":"Hi"}]}}]}""", sent.Raw);
        Assert.Equal(("/claude-code/query", "Bearer secret-key"), (sent.Path, sent.Headers["Authorization"]));
    }

    [Fact]
    [Trait("Spec", "T001-058")]
    public async Task Send_SystemPrompts_StandBesideTheConversation()
    {
        var sent = await Bench.SendAsync(
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi"), new(ChatRole.System, "Be kind.")], new() { Instructions = "Be calm." });

        Assert.Equal("Be calm.\n\nBe brief.\n\nBe kind.", sent.Json.GetProperty("system_prompt").GetString());
        Assert.Equal("""[{"type":"user","message":{"role":"user","content":[{"type":"text","text":"Hi"}]}}]""", sent.Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-059")]
    public async Task Send_History_KeepsItsOrderInTurns()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal(
            [
                """{"type":"user","message":{"role":"user","content":[{"type":"text","text":"Look."}]}}""",
                """{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"Looking."},{"type":"tool_use","id":"c1","name":"find","input":{"n":1}},{"type":"tool_use","id":"c2","name":"find","input":{}}]}}""",
                """{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"{\"ok\":true}"},{"type":"tool_result","tool_use_id":"c2","content":"none"}]}}""",
                """{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"Found."}]}}""",
                """{"type":"user","message":{"role":"user","content":[{"type":"text","text":"Thanks."}]}}""",
            ],
            sent.Messages.Select(message => message.GetRawText()));
    }

    [Fact]
    [Trait("Spec", "T001-060")]
    public async Task Send_Settings_ItTakesNoneOfThem()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, "Hi")], Samples.Everything);

        Assert.Equal(["max_turns", "messages", "model", "stream"], sent.Json.EnumerateObject().Select(member => member.Name).Order());
    }

    [Fact]
    public async Task Send_FormatOrAudio_IsRefusedAndNothingIsSent()
    {
        var format = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi", new() { ResponseFormat = ChatResponseFormat.Json }));
        var audio = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync([new(ChatRole.User, [new DataContent(new byte[] { 1 }, "audio/wav")])]));

        Assert.Equal(("model.unsupported_content", "model.unsupported_content"), (format.Code, audio.Code));
        Assert.Empty(Bench.Server.Requests);
    }

    [Fact]
    public async Task Send_Image_IsABlock()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, [new TextContent("What is it?"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")])]);

        Assert.Equal(
            """[{"type":"text","text":"What is it?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}]""",
            sent.Messages[0].GetProperty("message").GetProperty("content").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-061")]
    public async Task Stream_ThoughtAndText_ComeInOrderWithUsageAndAnEnd()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(new ModelStep.Thought("Hm."), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two")) with { CachedTokens = 4 });

        Assert.Equal(["thought Hm.", "text One", "text  two", "usage 12 7 cached 4 thought 0", "end stop"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-062")]
    public async Task Stream_ToolCall_IsForTheCallerWithNameArgumentsAndId()
    {
        var lines = await Bench.StreamAsync(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1")), Samples.WithTools);

        Assert.Equal(["piece c1 find ", "piece c1 find {\"n\":1}", "call c1 find {\"n\":1}", "usage 12 7 cached 0 thought 0", "end tool_calls"], lines);
        Assert.Equal(
            """[{"name":"find","description":"Finds.","input_schema":{"type":"object","properties":{"n":{"type":"integer"}}}}]""",
            Bench.Server.Requests[0].Json.GetProperty("tools").GetRawText());
    }

    [Fact]
    public async Task Stream_ToolOfTheProgramItself_IsNotTheCallers()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(
            new ModelStep.Raw("""data: {"type":"stream_event","parent_tool_use_id":"t1","event":{"type":"content_block_start","index":9,"content_block":{"type":"tool_use","id":"t2","name":"Read","input":{}}}}""" + "\n\n"),
            new ModelStep.TextDelta("Done.")));

        Assert.Equal(["text Done.", "usage 12 7 cached 0 thought 0", "end stop"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-063")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Theory]
    [InlineData("""{"type":"result","subtype":"error_during_execution","is_error":true}""", "provider.error")]
    [InlineData("""{"type":"result","subtype":"success","is_error":true,"api_error_status":529,"result":"API Error: secret words"}""", "provider.overloaded")]
    [InlineData("""{"type":"result","subtype":"error_max_turns","is_error":true}""", "provider.error")]
    [InlineData("{\"broken\":", "provider.unreadable_reply")]
    public async Task Stream_FailsMidway_EndsWithItsCode(string message, string code)
    {
        Bench.Server.Respond = _ => ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw($"data: {message}\n\n"));

        var streamed = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());
        var whole = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"));

        Assert.Equal((code, code), (streamed.Code, whole.Code));
        Assert.DoesNotContain("secret words", $"{streamed}{whole}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_EndsWithoutAResult_IsNotTakenForWhole()
    {
        Bench.Server.Respond = _ => ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut());

        var streamed = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.stream_broken", streamed.Code);
    }

    [Fact]
    [Trait("Spec", "T001-064")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);
}
