using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class GroqTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "llama-3.3-70b", vendor: Vendors.Groq);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-041")]
    public async Task Send_Text_IsTheWiresRequest()
    {
        Assert.Equal("""{"model":"llama-3.3-70b","messages":[{"role":"user","content":"Hi"}]}""", (await Bench.SendAsync("Hi")).Raw);
    }

    [Fact]
    [Trait("Spec", "T001-042")]
    [Trait("Spec", "T001-043")]
    public async Task Send_History_BeginsWithTheSystemAndKeepsItsOrder()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal("""{"role":"system","content":"Be brief."}""", sent.Messages[0].GetRawText());
        Assert.Equal(["system", "user", "assistant", "tool", "tool", "assistant", "user"], sent.Messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["c1", "c2"], sent.Messages.Skip(3).Take(2).Select(message => message.GetProperty("tool_call_id").GetString()));
    }

    [Fact]
    [Trait("Spec", "T001-044")]
    public async Task Send_NamedUser_IsSentWithoutTheName()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, "Hi") { AuthorName = "Nora" }], Samples.Everything);

        Assert.Equal(
            """{"model":"llama-3.3-70b","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"top_p":0.9,"frequency_penalty":0.1,"presence_penalty":0.2,"seed":7,"max_tokens":100,"stop":["END"]}""",
            sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-045")]
    public async Task Stream_ThoughtAndText_ComeInOrder()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(
            new ModelStep.Raw("""data: {"id":"1","choices":[{"index":0,"delta":{"reasoning":"Hm."}}]}""" + "\n\n"),
            new ModelStep.TextDelta("One"),
            new ModelStep.TextDelta(" two")));

        Assert.Equal(["thought Hm.", "text One", "text  two", "usage 12 7 cached 0 thought 0", "end stop"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-046")]
    public async Task Stream_ToolCall_CarriesNameArgumentsAndId()
    {
        var lines = await Bench.StreamAsync(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1")), Samples.WithTools);

        Assert.Equal(["piece c1 find ", "piece c1 find {\"n\":1}", "call c1 find {\"n\":1}", "usage 12 7 cached 0 thought 0", "end tool_calls"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-047")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Fact]
    [Trait("Spec", "T001-048")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);
}
