using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class DeepSeekTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "deepseek-reasoner", vendor: Vendors.DeepSeek, reasons: true);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-049")]
    public async Task Send_Text_IsTheWiresRequest()
    {
        Assert.Equal("""{"model":"deepseek-reasoner","messages":[{"role":"user","content":"Hi"}]}""", (await Bench.SendAsync("Hi")).Raw);
    }

    [Fact]
    [Trait("Spec", "T001-050")]
    [Trait("Spec", "T001-051")]
    public async Task Send_History_BeginsWithTheSystemAndKeepsItsOrder()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal("""{"role":"system","content":"Be brief."}""", sent.Messages[0].GetRawText());
        Assert.Equal(["system", "user", "assistant", "tool", "tool", "assistant", "user"], sent.Messages.Select(message => message.GetProperty("role").GetString()));
    }

    [Fact]
    [Trait("Spec", "T001-052")]
    public async Task Send_Bound_HasTheNameItKnows()
    {
        var sent = await Bench.SendAsync("Hi", new() { MaxOutputTokens = 100 });

        Assert.Equal("""{"model":"deepseek-reasoner","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""", sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-102")]
    public async Task Send_ConsecutiveTurnsOfOneSide_AreOneMessage()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, "Hi"), new(ChatRole.Assistant, "A"), new(ChatRole.Assistant, "B"), new(ChatRole.User, "One"), new(ChatRole.User, "Two")]);

        Assert.Equal(
            """[{"role":"user","content":"Hi"},{"role":"assistant","content":"A\n\nB"},{"role":"user","content":[{"type":"text","text":"One"},{"type":"text","text":"\n\nTwo"}]}]""",
            sent.Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task Send_ThoughtBeforeACall_GoesBackInThisTurnOnly()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "Before"), new(ChatRole.Assistant, [new TextReasoningContent("Old."), new FunctionCallContent("c0", "find")]), new(ChatRole.Tool, [new FunctionResultContent("c0", "x")]),
            new(ChatRole.User, "Now"), new(ChatRole.Assistant, [new TextReasoningContent("New."), new FunctionCallContent("c1", "find")]), new(ChatRole.Tool, [new FunctionResultContent("c1", "y")]),
        ];

        var sent = await Bench.SendAsync(messages);

        Assert.Equal([null, "New."], sent.Messages.Where(message => message.GetProperty("role").GetString() == "assistant")
            .Select(message => message.TryGetProperty("reasoning_content", out var reasoning) ? reasoning.GetString() : null));
    }

    [Fact]
    [Trait("Spec", "T001-053")]
    public async Task Stream_ThoughtAndText_ComeInOrder()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(new ModelStep.Thought("Hm."), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two")));

        Assert.Equal(["thought Hm.", "text One", "text  two", "usage 12 7 cached 0 thought 0", "end stop"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-054")]
    public async Task Stream_ToolCall_CarriesNameArgumentsAndId()
    {
        var lines = await Bench.StreamAsync(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1")), Samples.WithTools);

        Assert.Equal(["piece c1 find ", "piece c1 find {\"n\":1}", "call c1 find {\"n\":1}", "usage 12 7 cached 0 thought 0", "end tool_calls"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-055")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Fact]
    [Trait("Spec", "T001-055")]
    public async Task Stream_GivenUpByItsServers_IsOverloaded()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half")) with { FinishReason = "insufficient_system_resource" });

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.overloaded", failure.Code);
    }

    [Fact]
    [Trait("Spec", "T001-056")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);
}
