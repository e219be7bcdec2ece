using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class XAiTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "grok-4", vendor: Vendors.XAi, reasons: true);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-033")]
    public async Task Send_Text_IsTheWiresRequest()
    {
        Assert.Equal("""{"model":"grok-4","messages":[{"role":"user","content":"Hi"}]}""", (await Bench.SendAsync("Hi")).Raw);
    }

    [Fact]
    [Trait("Spec", "T001-034")]
    [Trait("Spec", "T001-035")]
    [Trait("Spec", "T001-095")]
    public async Task Send_History_KeepsItsOrderAndResultsAreText()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal("""{"role":"system","content":"Be brief."}""", sent.Messages[0].GetRawText());
        Assert.Equal(["system", "user", "assistant", "tool", "tool", "assistant", "user"], sent.Messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["""{"ok":true}""", "none"], sent.Messages.Skip(3).Take(2).Select(message => message.GetProperty("content").GetString()));
    }

    [Fact]
    [Trait("Spec", "T001-036")]
    public async Task Send_Settings_LeaveOutWhatItRefuses()
    {
        var sent = await Bench.SendAsync("Hi", Samples.Everything);

        Assert.Equal(
            """{"model":"grok-4","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"top_p":0.9,"seed":7,"max_tokens":100,"reasoning_effort":"low"}""", sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-037")]
    [Trait("Spec", "T001-097")]
    public async Task Stream_Text_ComesInOrderWithUsageAndIds()
    {
        var lines = await Bench.StreamAsync(ModelReply.Text("One two") with { CachedTokens = 4, ReasoningTokens = 3 });
        Bench.Server.Enqueue(ModelReply.Text("Again"));
        var whole = await Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        Assert.Equal(["text One", "text  two", "usage 12 7 cached 4 thought 3", "end stop"], lines);
        Assert.StartsWith("chatcmpl-", whole.ResponseId, StringComparison.Ordinal);
        Assert.Equal(("grok-4", 19L, true), (whole.ModelId, whole.Usage?.TotalTokenCount, whole.CreatedAt is not null));
    }

    [Fact]
    [Trait("Spec", "T001-038")]
    [Trait("Spec", "T001-099")]
    public async Task Stream_ThoughtAndCall_BothAppear()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(new ModelStep.Thought("Hm."), new ModelStep.ToolCall("find", """{"n":1}""", "c1")), Samples.WithTools);

        Assert.Equal(["thought Hm.", "piece c1 find ", "piece c1 find {\"n\":1}", "call c1 find {\"n\":1}", "usage 12 7 cached 0 thought 0", "end tool_calls"], lines);
    }

    [Fact]
    [Trait("Spec", "T001-098")]
    public async Task Complete_ToolsOnly_HasNoText()
    {
        Bench.Server.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1")));

        var response = await Bench.Client.GetResponseAsync("Hi", Samples.WithTools);

        Assert.Equal("", response.Text);
        Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
    }

    [Fact]
    [Trait("Spec", "T001-039")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Fact]
    [Trait("Spec", "T001-040")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);

    [Fact]
    [Trait("Spec", "T001-093")]
    public async Task Send_ImageWithDetail_KeepsIt()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, [new UriContent("https://example.org/a.png", "image/png") { AdditionalProperties = new() { ["detail"] = "high" } }])]);

        Assert.Equal("""[{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"high"}}]""", sent.Messages[0].GetProperty("content").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-094")]
    public async Task Send_SameFileTwice_UploadsItOnce()
    {
        List<ChatMessage> messages = [new(ChatRole.User, [new TextContent("Read:"), new DataContent("the plan"u8.ToArray(), "text/plain") { Name = "plan.txt" }])];

        await Bench.SendAsync(messages);
        var again = await Bench.SendAsync(messages);

        Assert.Contains("the plan", Assert.Single(Bench.Server.Uploads), StringComparison.Ordinal);
        Assert.Equal("""[{"type":"text","text":"Read:"},{"type":"file","file":{"file_id":"file-1"}}]""", again.Messages[0].GetProperty("content").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-096")]
    public async Task Send_LocalImage_BecomesADataUrl()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, [1, 2, 3]);

        try
        {
            var sent = await Bench.SendAsync([new(ChatRole.User, [new UriContent(new Uri(path), "image/png")])]);

            Assert.Equal("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]""", sent.Messages[0].GetProperty("content").GetRawText());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    [Trait("Spec", "T001-100")]
    public async Task Stream_ToolOfTheServer_GoesOnWithTheAnswer()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "grok-4", EndpointApi.Responses, Vendors.XAi);

        var lines = await bench.StreamAsync(ModelReply.Of(
            new ModelStep.TextDelta("Searching."),
            new ModelStep.Raw("""data: {"type":"response.output_item.done","output_index":1,"item":{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"sleep"}}}""" + "\n\n"),
            new ModelStep.TextDelta(" Found.")));

        Assert.Equal(["text Searching.", "search sleep", "text  Found.", "usage 12 7 cached 0 thought 0", "end stop"], lines);
    }
}
