using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Clients;

/// <summary>The npm package @langchain/openai, on both of OpenAI's wires: tests/Clients/langchain.mjs.</summary>
public sealed class LangChainTests(ClientFixture gateway) : IClassFixture<ClientFixture>
{
    public static TheoryData<string, bool> Wires => new()
    {
        { "chat", false }, { "responses", false }, { "anthropic", false }, { "gemini", false },
        { "chat", true }, { "responses", true }, { "anthropic", true }, { "gemini", true },
    };

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Chat_EveryWire_IsRead(string model, bool responses)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        Assert.Equal("""{"text":"One two.","tokens":19}""", (await AskAsync(new { @do = "chat", model, responses, text = "Hi" })).GetRawText());
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task ChatStream_EveryWire_IsReadInPieces(string model, bool responses)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        Assert.Equal("""{"pieces":["One"," two."],"tokens":19}""", (await AskAsync(new { @do = "chatStream", model, responses, text = "Hi" })).GetRawText());
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Tools_EveryWire_AreCalledAndAnswered(string model, bool responses)
    {
        gateway.Model.Enqueue(
            ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1"), new ModelStep.ToolCall("find", """{"n":2}""", "c2")), ModelReply.Text("Done."));

        Assert.Equal(
            """{"content":"Done.","results":["found 1","found 2"]}""", (await AskAsync(new { @do = "tools", model, responses, text = "Find" })).GetRawText());
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Object_EveryWire_FitsItsSchema(string model)
    {
        gateway.Model.Respond = request => request.Json.TryGetProperty("tools", out _)
            ? ModelReply.ToolCalls(new ModelStep.ToolCall("extract", """{"name":"Maya"}""", "c1"))
            : ModelReply.Text("""{"name":"Maya"}""");

        Assert.Equal("""{"name":"Maya"}""", (await AskAsync(new { @do = "object", model, text = "Who?" })).GetRawText());
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
        var unknown = await gateway.FailAsync("langchain.mjs", "@langchain/openai", new { @do = "chat", model = "gpt-99", text = "Hi" });

        Assert.Equal("""{"status":404,"code":"model_not_found","type":"invalid_request_error"}""", unknown.GetRawText());
    }

    private Task<JsonElement> AskAsync(object command) => gateway.AskAsync("langchain.mjs", "@langchain/openai", command);
}
