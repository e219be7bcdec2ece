using System.Net;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Clients;

/// <summary>The npm package openai: tests/Clients/openai.mjs.</summary>
public sealed class OpenAiNodeTests(ClientFixture gateway) : IClassFixture<ClientFixture>
{
    public static TheoryData<string> Groups => ["chat", "responses", "anthropic", "gemini"];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Chat_EveryWire_IsRead(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        var said = await AskAsync(new { @do = "chat", model = group, text = "Hi" });

        Assert.Equal(("One two.", "stop", 19), (said.GetProperty("text").GetString(), said.GetProperty("reason").GetString(), said.GetProperty("tokens").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task ChatStream_EveryWire_IsPutTogether(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two three."));

        var said = await AskAsync(new { @do = "chatStream", model = group, text = "Hi" });

        Assert.Equal(
            """{"pieces":["One"," two"," three."],"text":"One two three.","reason":"stop","tokens":19}""", said.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Tools_EveryWire_AreCalledAndAnswered(string group)
    {
        foreach (var stream in (bool[])[false, true])
        {
            gateway.Model.Enqueue(
                ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", "c1"), new ModelStep.ToolCall("find", """{"n":2}""", "c2")), ModelReply.Text("Done."));

            var said = await AskAsync(new { @do = "tools", model = group, text = "Find", stream });

            Assert.Equal("""{"content":"Done.","results":["found 1","found 2"]}""", said.GetRawText());
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("anthropic")]
    public async Task Leave_InTheMiddle_EndsTheProvidersCall(string group)
    {
        gateway.Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One"), new ModelStep.Wait(Timeout.InfiniteTimeSpan)));
        var before = gateway.Model.Requests.Count;

        var left = await AskAsync(new { @do = "leave", model = group, text = "Hi" });

        Assert.Equal("One", left.GetProperty("left").GetString());
        Assert.False(await gateway.Model.Requests[before].Ended.WaitAsync(Eventually.Timeout));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    [Trait("Spec", "T001-455")]
    public async Task Respond_EveryWire_HasItsText(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        var said = await AskAsync(new { @do = "respond", model = group, input = "Hi" });

        Assert.Equal(
            ("One two.", "completed", """["message"]""", 19),
            (said.GetProperty("text").GetString(), said.GetProperty("status").GetString(), said.GetProperty("items").GetRawText(), said.GetProperty("tokens").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    [Trait("Spec", "T001-456")]
    public async Task RespondStream_EveryWire_IsPutTogether(string group)
    {
        gateway.Model.Enqueue(ModelReply.Text("One two."));

        var said = await AskAsync(new { @do = "respondStream", model = group, input = "Hi" });

        Assert.Equal(
            """{"deltas":"One two.","text":"One two.","status":"completed","first":"response.created","last":"response.completed","ordered":true}""",
            said.GetRawText().Replace($"\"id\":\"{said.GetProperty("id").GetString()}\",", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retrieve_Continue_Remove_WorkOnWhatIsKept()
    {
        gateway.Model.Enqueue(ModelReply.Text("First."), ModelReply.Text("Second."));
        var first = (await AskAsync(new { @do = "respond", model = "gemini", input = "Hi" })).GetProperty("id").GetString();

        var read = await AskAsync(new { @do = "retrieve", id = first });
        var second = await AskAsync(new { @do = "respond", model = "gemini", input = "And?", previous_response_id = first });
        await AskAsync(new { @do = "remove", id = first });
        var gone = await FailAsync(new { @do = "retrieve", id = first });

        Assert.Equal("""{"text":"First.","status":"completed"}""", read.GetRawText());
        Assert.Equal("Second.", second.GetProperty("text").GetString());
        Assert.Equal(["Hi", "First.", "And?"], gateway.Model.Requests[^1].Json.GetProperty("contents").EnumerateArray().Select(content => content.GetProperty("parts")[0].GetProperty("text").GetString()));
        Assert.Equal(("NotFoundError", "response_not_found"), (gone.GetProperty("kind").GetString(), gone.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Cancel_InBackground_IsCancelled()
    {
        gateway.Model.Enqueue(ModelReply.Hang());
        var before = gateway.Model.Requests.Count;
        var queued = await AskAsync(new { @do = "respond", model = "chat", input = "Hi", background = true });
        await Eventually.BecomesTrueAsync(() => gateway.Model.Requests.Count > before, "the model is asked");

        var cancelled = await AskAsync(new { @do = "cancel", id = queued.GetProperty("id").GetString() });

        Assert.Equal(("queued", "cancelled"), (queued.GetProperty("status").GetString(), cancelled.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Embed_AsBytesAndAsNumbers_IsTheSame()
    {
        gateway.Model.Embed = request => EmbeddingReply.From(request, text => [text.Length, 0.5f]);

        var bytes = await AskAsync(new { @do = "embed", model = "chat", input = new[] { "a", "bcd" } });
        var numbers = await AskAsync(new { @do = "embed", model = "chat", input = new[] { "a", "bcd" }, encoding_format = "float" });

        Assert.Equal(("[[1,0.5],[3,0.5]]", "[[1,0.5],[3,0.5]]"), (bytes.GetRawText(), numbers.GetRawText()));
    }

    [Fact]
    public async Task Models_AreListedAndFound()
    {
        var models = await AskAsync(new { @do = "models" });

        Assert.Equal("""{"ids":["chat","responses","anthropic","gemini","local"],"first":"chat"}""", models.GetRawText());
    }

    [Fact]
    public async Task Errors_AreTheClientsOwn()
    {
        var unknown = await FailAsync(new { @do = "chat", model = "gpt-99", text = "Hi" });
        var bad = await FailAsync(new { @do = "respond", model = "anthropic", input = "Hi", temperature = 3 });
        gateway.Model.Enqueue(ModelReply.Refuse(HttpStatusCode.TooManyRequests, "Slow down.", "rate_limit_error", "rate_limit_exceeded"));
        var limited = await FailAsync(new { @do = "chat", model = "anthropic", text = "Hi" });
        var stranger = await gateway.FailAsStrangerAsync("openai.mjs", "openai", new { @do = "chat", model = "chat", text = "Hi" });

        Assert.Equal("""{"kind":"NotFoundError","status":404,"code":"model_not_found","type":"invalid_request_error","param":"model","hasRequestId":true}""", unknown.GetRawText());
        Assert.Equal("""{"kind":"BadRequestError","status":400,"code":"invalid_value","type":"invalid_request_error","param":"temperature","hasRequestId":true}""", bad.GetRawText());
        Assert.Equal(("RateLimitError", 429, "rate_limit_exceeded"), (limited.GetProperty("kind").GetString(), limited.GetProperty("status").GetInt32(), limited.GetProperty("code").GetString()));
        Assert.Equal(("AuthenticationError", 401, "invalid_api_key"), (stranger.GetProperty("kind").GetString(), stranger.GetProperty("status").GetInt32(), stranger.GetProperty("code").GetString()));
    }

    private Task<JsonElement> AskAsync(object command) => gateway.AskAsync("openai.mjs", "openai", command);

    private Task<JsonElement> FailAsync(object command) => gateway.FailAsync("openai.mjs", "openai", command);
}
