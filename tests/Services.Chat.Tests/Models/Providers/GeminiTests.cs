using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Gemini;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class GeminiTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.Gemini, "gemini-2.5-flash");

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    [Trait("Spec", "T001-025")]
    public async Task Send_Text_IsTheWiresRequestWithTheKeyInItsHeader()
    {
        var sent = await Bench.SendAsync("Hi");

        Assert.Equal("""{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", sent.Raw);
        Assert.Equal(("/v1beta/models/gemini-2.5-flash:generateContent", "secret-key"), (sent.Path, sent.Headers["x-goog-api-key"]));
        Assert.False(sent.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    [Trait("Spec", "T001-026")]
    public async Task Send_SystemPrompts_AreTheInstruction()
    {
        var sent = await Bench.SendAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")], new() { Instructions = "Be kind." });

        Assert.Equal("""{"systemInstruction":{"parts":[{"text":"Be kind."},{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-027")]
    [Trait("Spec", "T001-087")]
    public async Task Send_History_BecomesContentsOfTwoSides()
    {
        var sent = await Bench.SendAsync(Samples.Conversation);

        Assert.Equal(
            """
            [{"role":"user","parts":[{"text":"Look."}]},
            {"role":"model","parts":[{"text":"Looking."},{"functionCall":{"name":"find","args":{"n":1}}},{"functionCall":{"name":"find","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"find","response":{"ok":true}}},{"functionResponse":{"name":"find","response":{"result":"none"}}}]},
            {"role":"model","parts":[{"text":"Found."}]},
            {"role":"user","parts":[{"text":"Thanks."}]}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("contents").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-104")]
    public async Task Send_NonStandardOrder_IsAccepted()
    {
        var sent = await Bench.SendAsync([new(ChatRole.Assistant, "A"), new(ChatRole.User, "One"), new(ChatRole.User, "Two"), new(ChatRole.System, "Be brief.")]);

        Assert.Equal(
            """{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"model","parts":[{"text":"A"}]},{"role":"user","parts":[{"text":"One"},{"text":"\n\nTwo"}]}]}""", sent.Raw);
    }

    [Fact]
    [Trait("Spec", "T001-028")]
    [Trait("Spec", "T001-107")]
    public async Task Send_Settings_AreInItsWordsAndTheEffortOnlyWhereItIsKnown()
    {
        await using var old = await ProviderBench.StartAsync(ModelProvider.Gemini, "gemini-1.5-pro");

        var sent = await old.SendAsync("Hi", Samples.Everything);

        Assert.Equal(
            """{"temperature":0.5,"topP":0.9,"topK":40,"maxOutputTokens":100,"presencePenalty":0.2,"frequencyPenalty":0.1,"seed":7,"stopSequences":["END"]}""",
            sent.Json.GetProperty("generationConfig").GetRawText());
    }

    [Theory]
    [Trait("Spec", "T001-110")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.None, """{"includeThoughts":false,"thinkingBudget":0}""")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.Low, """{"includeThoughts":true,"thinkingBudget":1024}""")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.High, """{"includeThoughts":true,"thinkingBudget":16384}""")]
    [InlineData("gemini-3-pro", ReasoningEffort.Low, """{"includeThoughts":true,"thinkingLevel":"low"}""")]
    [InlineData("gemini-3-pro", ReasoningEffort.ExtraHigh, """{"includeThoughts":true,"thinkingLevel":"high"}""")]
    public async Task Send_Effort_IsABudgetOrALevel(string model, ReasoningEffort effort, string expected)
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.Gemini, model);

        var sent = await bench.SendAsync("Hi", new() { Reasoning = new() { Effort = effort } });

        Assert.Equal(expected, sent.Json.GetProperty("generationConfig").GetProperty("thinkingConfig").GetRawText());
    }

    [Fact]
    public async Task Send_Schema_IsPassedOn()
    {
        var sent = await Bench.SendAsync("Hi", new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer") });

        Assert.Equal("""{"responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}""", sent.Json.GetProperty("generationConfig").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-084")]
    public async Task Send_FunctionsAndNativeTools_KeepsTheFunctions()
    {
        var sent = await Bench.SendAsync("Hi", new() { Tools = [new HostedWebSearchTool(), Samples.Find], ToolMode = ChatToolMode.RequireSpecific("find") });

        Assert.Equal(
            """[{"functionDeclarations":[{"name":"find","description":"Finds.","parametersJsonSchema":{"type":"object","properties":{"n":{"type":"integer"}}}}]}]""",
            sent.Json.GetProperty("tools").GetRawText());
        Assert.Equal("""{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["find"]}}""", sent.Json.GetProperty("toolConfig").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-085")]
    public async Task Send_NativeToolsAlone_AreOn()
    {
        var sent = await Bench.SendAsync("Hi", new() { Tools = [new HostedWebSearchTool(), new HostedCodeInterpreterTool()] });

        Assert.Equal("""[{"googleSearch":{}},{"codeExecution":{}}]""", sent.Json.GetProperty("tools").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-086")]
    public async Task Send_EmptyToolEntries_DoNotCount()
    {
        var sent = await Bench.SendAsync("Hi", new() { Tools = [null!, new HostedWebSearchTool()] });

        Assert.Equal("""[{"googleSearch":{}}]""", sent.Json.GetProperty("tools").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-088")]
    public async Task Send_Attachments_AreTheUsersOnly()
    {
        DataContent image = new((byte[])[1, 2, 3], "image/png");

        var sent = await Bench.SendAsync([new(ChatRole.User, [new TextContent("Look:"), image, new UriContent("https://example.org/a.webp", "image/*")]), new(ChatRole.Assistant, [new TextContent("Seen."), image])]);

        Assert.Equal(
            """
            [{"role":"user","parts":[{"text":"Look:"},{"inlineData":{"mimeType":"image/png","data":"AQID"}},{"fileData":{"mimeType":"image/webp","fileUri":"https://example.org/a.webp"}}]},
            {"role":"model","parts":[{"text":"Seen."}]}]
            """.ReplaceLineEndings(""),
            sent.Json.GetProperty("contents").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-089")]
    public async Task Send_AudioFile_IsAPart()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User, [new TextContent("Hear:"), new DataContent((byte[])[1, 2, 3], "audio/mpeg")])]);

        Assert.Equal(
            """[{"text":"Hear:"},{"inlineData":{"mimeType":"audio/mpeg","data":"AQID"}}]""", sent.Json.GetProperty("contents")[0].GetProperty("parts").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-090")]
    public async Task Send_RawAudioInSmallChunks_IsOneFile()
    {
        var sent = await Bench.SendAsync([new(ChatRole.User,
        [
            new DataContent((byte[])[1, 0], "audio/pcm;rate=8000"), new DataContent((byte[])[2, 0], "audio/pcm;rate=8000"), new TextContent("What was that?"), new DataContent((byte[])[3, 0], "audio/pcm"),
        ])]);

        var parts = sent.Json.GetProperty("contents")[0].GetProperty("parts");
        Assert.Equal(3, parts.GetArrayLength());
        Assert.Equal(GeminiAudio.Wav([1, 0, 2, 0], 8000, 1), parts[0].GetProperty("inlineData").GetProperty("data").GetBytesFromBase64());
        Assert.Equal(GeminiAudio.Wav([3, 0], 16_000, 1), parts[2].GetProperty("inlineData").GetProperty("data").GetBytesFromBase64());
        Assert.Equal("audio/wav", parts[0].GetProperty("inlineData").GetProperty("mimeType").GetString());
    }

    [Fact]
    [Trait("Spec", "T001-091")]
    public void Wav_Stereo_HasTheHeaderOfItsSamples()
    {
        var file = GeminiAudio.Wav([1, 2, 3, 4], 44_100, 2);

        Assert.Equal("RIFF", Encoding.ASCII.GetString(file, 0, 4));
        Assert.Equal("WAVEfmt ", Encoding.ASCII.GetString(file, 8, 8));
        Assert.Equal("data", Encoding.ASCII.GetString(file, 36, 4));
        Assert.Equal([40, 16, 44_100, 176_400, 4], new[] { 4, 16, 24, 28, 40 }.Select(place => BitConverter.ToInt32(file, place)));
        Assert.Equal([1, 2, 4, 16], new[] { 20, 22, 32, 34 }.Select(place => (int)BitConverter.ToInt16(file, place)));
        Assert.Equal((byte[])[1, 2, 3, 4], file[44..]);
    }

    [Fact]
    [Trait("Spec", "T001-029")]
    public async Task Stream_ThoughtAndText_ComeInOrderWithTheLastUsage()
    {
        var lines = await Bench.StreamAsync(
            ModelReply.Of(new ModelStep.Thought("Hm."), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two")) with { CachedTokens = 5, ReasoningTokens = 3 });

        Assert.Equal(["thought Hm.", "text One", "text  two", "usage 12 7 cached 5 thought 3", "end stop"], lines);
        Assert.Equal("/v1beta/models/gemini-2.5-flash:streamGenerateContent", (await Bench.Server.NextRequestAsync()).Path);
    }

    [Fact]
    [Trait("Spec", "T001-030")]
    public async Task Stream_ToolCall_IsForTheCallerAndGoesBackSigned()
    {
        Bench.Server.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", Signature: "sig")));
        var answered = await Bench.Client.GetStreamingResponseAsync("Hi", Samples.WithTools).ToChatResponseAsync();
        await Bench.Server.NextRequestAsync();
        var call = answered.Messages[0].Contents.OfType<FunctionCallContent>().Single();

        var sent = await Bench.SendAsync([new(ChatRole.User, "Hi"), .. answered.Messages, new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "none")])]);

        Assert.Equal(
            ("find", """{"n":1}""", false, ChatFinishReason.ToolCalls), (call.Name, JsonSerializer.Serialize(call.Arguments), call.InformationalOnly, answered.FinishReason));
        Assert.StartsWith("call_", call.CallId, StringComparison.Ordinal);
        Assert.Equal(
            """[{"functionCall":{"name":"find","args":{"n":1}},"thoughtSignature":"sig"}]""", sent.Json.GetProperty("contents")[1].GetProperty("parts").GetRawText());
    }

    [Fact]
    public async Task Send_CallWhoseSignatureIsLost_SaysSoWhereOneIsDemanded()
    {
        await using var bench = await ProviderBench.StartAsync(ModelProvider.Gemini, "gemini-3-pro");

        var sent = await bench.SendAsync(Samples.Conversation);

        Assert.Equal(
            """[{"text":"Looking."},{"functionCall":{"name":"find","args":{"n":1}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"find","args":{}}}]""",
            sent.Json.GetProperty("contents")[1].GetProperty("parts").GetRawText());
    }

    [Fact]
    [Trait("Spec", "T001-031")]
    public Task Call_Refused_HasOurCodeAndTheWait() => ProviderFailures.AssertWrappedAsync(Bench);

    [Fact]
    [Trait("Spec", "T001-031")]
    public async Task Stream_FailsMidway_TellsTheWaitFromItsDetails()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw(
            """data: {"error":{"code":429,"message":"secret","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17s"}]}}""" + "\n\n")));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal(("provider.rate_limited", TimeSpan.FromSeconds(17)), (failure.Code, failure.RetryAfter));
    }

    [Fact]
    public async Task Call_PromptTooLong_IsToldApart()
    {
        Bench.Server.Enqueue(ModelReply.Refuse(HttpStatusCode.BadRequest, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", code: "INVALID_ARGUMENT"));

        Assert.Equal("provider.context_too_long", (await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"))).Code);
    }

    [Fact]
    [Trait("Spec", "T001-032")]
    public Task Stream_Cancelled_EndsTheServersCall() => ProviderFailures.AssertStopsAsync(Bench);

    [Fact]
    public Task Stream_Broken_IsNotTakenForWhole() => ProviderFailures.AssertBrokenAsync(Bench);

    [Theory]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    public async Task Complete_StoppedEarly_SaysWhy(string scripted, string expected)
    {
        Bench.Server.Enqueue(ModelReply.Text("Half") with { FinishReason = scripted });

        Assert.Equal(expected, (await Bench.Client.GetResponseAsync("Hi")).FinishReason?.Value);
    }

    [Fact]
    public async Task Call_PromptBlocked_IsFiltered()
    {
        Bench.Server.Respond = _ => ModelReply.Of(new ModelStep.Raw("""{"promptFeedback":{"blockReason":"SAFETY"}}"""));

        Assert.Equal("provider.content_filtered", (await Assert.ThrowsAsync<DomainException>(() => Bench.Client.GetResponseAsync("Hi"))).Code);
    }

    [Fact]
    [Trait("Spec", "T001-092")]
    public async Task Stream_ChunkWithoutParts_FallsBackToItsText()
    {
        var lines = await Bench.StreamAsync(ModelReply.Of(
            new ModelStep.Raw("data: {\"text\":\"One\"}\n\ndata: {\"candidates\":[{\"text\":\" two\",\"content\":{}}]}\n\n")));

        Assert.Equal(["text One", "text  two", "usage 12 7 cached 0 thought 0", "end stop"], lines);
    }

    [Fact]
    public async Task Complete_Grounded_TellsItsSources()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.Raw("""
            {"candidates":[{"content":{"parts":[{"text":"Sleep."}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://example.org/a","title":"A"}}]}}]}
            """)));

        var response = await Bench.Client.GetResponseAsync("Hi");

        var source = response.Messages[0].Contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().Single();
        Assert.Equal(("Sleep.", "https://example.org/a", "A"), (response.Text, source.Url!.AbsoluteUri, source.Title));
    }
}
