using System.Net;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Clients;

/// <summary>The npm packages ai and @ai-sdk/openai-compatible: tests/Clients/ai-sdk.mjs.</summary>
public sealed class AiSdkTests(ClientFixture gateway) : IClassFixture<ClientFixture>
{
    public static TheoryData<string> Groups => ["chat", "responses", "anthropic", "gemini"];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Chat_EveryWire_IsReadWithItsThought(string group)
    {
        gateway.Model.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm.", "sig"), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two.")));

        var said = await AskAsync(new { @do = "chat", model = group, text = "Hi" });

        Assert.Equal("""{"text":"One two.","reason":"stop","tokens":19,"thought":"Hm."}""", said.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task ChatStream_EveryWire_IsReadInPieces(string group)
    {
        gateway.Model.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm.", "sig"), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two.")));

        var said = await AskAsync(new { @do = "chatStream", model = group, text = "Hi" });

        Assert.Equal("""{"pieces":["One"," two."],"thought":"Hm.","reason":"stop","tokens":19}""", said.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Tools_EveryWire_AreCalledAndAnswered(string group)
    {
        foreach (var command in (string[])["tools", "toolsStream"])
        {
            gateway.Model.Enqueue(
                ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1"), new ModelStep.ToolCall("find", """{"n":2}""", "c2")), ModelReply.Text("Done."));

            var said = await AskAsync(new { @do = command, model = group, text = "Find" });

            Assert.Equal("""{"content":"Done.","results":["found 1","found 2"]}""", said.GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Object_EveryWire_FitsItsSchema(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("""{"name":"Maya"}"""));

        Assert.Equal("""{"name":"Maya"}""", (await AskAsync(new { @do = "object", model = group, text = "Who?" })).GetRawText());
    }

    [Fact]
    public async Task Embed_SeveralTexts_KeepsTheirOrder()
    {
        gateway.Model.Embed = request => EmbeddingReply.From(request, text => [text.Length, 0.5f]);

        Assert.Equal("[[1,0.5],[3,0.5]]", (await AskAsync(new { @do = "embed", model = "chat", input = new[] { "a", "bcd" } })).GetRawText());
    }

    [Fact]
    public async Task Errors_AreTheClientsOwn()
    {
        var unknown = await FailAsync(new { @do = "chat", model = "gpt-99", text = "Hi" });
        gateway.Model.Enqueue(ModelReply.Refuse(HttpStatusCode.ServiceUnavailable));
        var overloaded = await FailAsync(new { @do = "chatStream", model = "gemini", text = "Hi" });

        Assert.Equal("""{"status":404,"message":"There is no model 'gpt-99'.","retryable":false}""", unknown.GetRawText());
        Assert.Equal((503, true), (overloaded.GetProperty("status").GetInt32(), overloaded.GetProperty("retryable").GetBoolean()));
    }

    private Task<JsonElement> AskAsync(object command) => gateway.AskAsync("ai-sdk.mjs", "ai", command);

    private Task<JsonElement> FailAsync(object command) => gateway.FailAsync("ai-sdk.mjs", "ai", command);
}
