using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

/// <summary>Chat completions of models that do not speak them.</summary>
public sealed partial class TranslatedCompletionTests : IAsyncLifetime, IDisposable
{
    private const string Tools =
        """[{"type":"function","function":{"name":"find","description":"Finds.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}}}]""";

    private ModelServer? _model;
    private CatalogueFile? _catalogue;
    private GatewayHost? _host;

    private ModelServer Model => _model!;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync(CatalogueFile.Key);
        _catalogue = new(Model);
        _host = await GatewayHost.StartAsync(("MODELS_CONFIG", _catalogue.Path));
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }

    public void Dispose() => _catalogue?.Dispose();

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-5")]
    [InlineData("gemini", "gemini-2.5-flash")]
    [InlineData("responses", "gpt-5")]
    public async Task Complete_ThoughtTextAndCall_IsOneCompletion(string group, string model)
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm.", "sig"), new ModelStep.TextDelta("Looking."), new ModelStep.ToolCall("find", """{"n":1}""", "c1")) with { CachedTokens = 5, ReasoningTokens = 3 });

        var (status, body) = await PostAsync($$$"""{"model":"{{{group}}}","messages":[{"role":"user","content":"Hi"}],"tools":{{{Tools}}},"reasoning_effort":"low"}""");

        // Anthropic counts thoughts among its output and does not say how many there were.
        var thoughts = group == "anthropic" ? "" : ",\"completion_tokens_details\":{\"reasoning_tokens\":3}";
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            $$$"""
            {"id":"ID","object":"chat.completion","created":0,"model":"{{{model}}}",
            "choices":[{"index":0,"message":{"role":"assistant","content":"Looking.","tool_calls":[{"id":"CALL","type":"function","function":{"name":"find","arguments":"{\u0022n\u0022:1}"}}],"reasoning_content":"Hm."},"finish_reason":"tool_calls"}],
            "usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":5}{{{thoughts}}}}}
            """.ReplaceLineEndings(""),
            Timeless(body));
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("responses")]
    public async Task Stream_ThoughtTextAndCalls_ComeAsChunksWithArgumentsInPieces(string group)
    {
        Model.Enqueue(ModelReply.Of(
            new ModelStep.Thought("Hm.", "sig"), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two"),
            new ModelStep.ToolCall("find", """{"n":1,"query":"Ana"}""", "c1"), new ModelStep.ToolCall("find", "{}", "c2")));

        var chunks = await StreamAsync($$$"""{"model":"{{{group}}}","messages":[{"role":"user","content":"Hi"}],"tools":{{{Tools}}},"stream":true,"stream_options":{"include_usage":true}}""");

        Assert.Equal(
            [
                """[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]""",
                """[{"index":0,"delta":{"reasoning_content":"Hm."},"finish_reason":null}]""",
                """[{"index":0,"delta":{"content":"One"},"finish_reason":null}]""",
                """[{"index":0,"delta":{"content":" two"},"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"find","arguments":""}}]},"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\u0022n\u0022:1,\u0022quer"}}]},"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"y\u0022:\u0022Ana\u0022}"}}]},"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"find","arguments":""}}]},"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]},"finish_reason":null}]""",
                """[{"index":0,"delta":{},"finish_reason":"tool_calls"}]""",
                "[]",
            ],
            chunks.Select(chunk => chunk.GetProperty("choices").GetRawText()));
        Assert.Equal((12, 7), (chunks[^1].GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
    }

    [Fact]
    public async Task Continue_SignedCallOfGemini_GoesBackWithItsSignature()
    {
        Model.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("find", """{"n":1}""", Signature: "sig")), ModelReply.Text("Done."));
        var (_, first) = await PostAsync($$$"""{"model":"gemini","messages":[{"role":"user","content":"Hi"}],"tools":{{{Tools}}}}""");
        var call = JsonElement.Parse(first).GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0];
        await Model.NextRequestAsync();

        var (status, _) = await PostAsync(
            $$$"""{"model":"gemini","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{{{call.GetRawText()}}}]},{"role":"tool","tool_call_id":"{{{call.GetProperty("id").GetString()}}}","content":"none"}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """[{"functionCall":{"name":"find","args":{"n":1}},"thoughtSignature":"sig"}]""",
            (await Model.NextRequestAsync()).Json.GetProperty("contents")[1].GetProperty("parts").GetRawText());
    }

    [Fact]
    public async Task Send_EveryParameter_ReachesTheModelInItsWords()
    {
        Model.Enqueue(ModelReply.Text("Fine."));

        await PostAsync($$$"""
            {"model":"gemini","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}},{"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}}]}],
             "tools":{{{Tools}}},"tool_choice":{"type":"function","function":{"name":"find"}},"response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object"},"strict":true}},
             "temperature":0.5,"top_p":0.9,"frequency_penalty":0.1,"presence_penalty":0.2,"max_completion_tokens":100,"seed":7,"stop":"END","reasoning_effort":"medium","n":1,"logprobs":false,"user":"u","metadata":{"a":"b"}}
            """);

        Assert.Equal(
            """
            {"systemInstruction":{"parts":[{"text":"Be brief."}]},
            "contents":[{"role":"user","parts":[{"text":"Look:"},{"inlineData":{"mimeType":"image/png","data":"AQID"}},{"inlineData":{"mimeType":"audio/mpeg","data":"AQID"}},{"inlineData":{"mimeType":"application/pdf","data":"AQID"}}]}],
            "tools":[{"functionDeclarations":[{"name":"find","description":"Finds.","parametersJsonSchema":{"type":"object","properties":{"n":{"type":"integer"}}}}]}],
            "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["find"]}},
            "generationConfig":{"temperature":0.5,"topP":0.9,"maxOutputTokens":100,"presencePenalty":0.2,"frequencyPenalty":0.1,"seed":7,"thinkingConfig":{"includeThoughts":true,"thinkingBudget":8192},"stopSequences":["END"],"responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}}
            """.ReplaceLineEndings(""),
            (await Model.NextRequestAsync()).Raw);
    }

    [Theory]
    [InlineData("\"n\":2", "n", "invalid_value")]
    [InlineData("\"n\":0", "n", "invalid_value")]
    [InlineData("\"logprobs\":true", "logprobs", "unsupported_parameter")]
    [InlineData("\"top_logprobs\":3", "top_logprobs", "unsupported_parameter")]
    [InlineData("\"logit_bias\":{\"50256\":-100}", "logit_bias", "unsupported_parameter")]
    [InlineData("\"functions\":[]", "functions", "unsupported_parameter")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities", "unsupported_parameter")]
    [InlineData("\"temperature\":2.1", "temperature", "invalid_value")]
    [InlineData("\"top_p\":-1", "top_p", "invalid_value")]
    [InlineData("\"presence_penalty\":3", "presence_penalty", "invalid_value")]
    [InlineData("\"max_tokens\":0", "max_tokens", "invalid_value")]
    [InlineData("\"stop\":[1]", "stop", "invalid_value")]
    [InlineData("\"stop\":{}", "stop", "invalid_value")]
    [InlineData("\"reasoning_effort\":\"much\"", "reasoning_effort", "invalid_value")]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice", "invalid_value")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"gone\"}}", "tool_choice", "invalid_value")]
    [InlineData("\"tool_choice\":{\"function\":1}", "tool_choice", "invalid_value")]
    [InlineData("\"tools\":[{\"type\":\"custom\"}]", "tools[0]", "invalid_value")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}]", "tools[0].function.parameters", "invalid_value")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format", "invalid_value")]
    [InlineData("\"temperature\":\"hot\"", "temperature", "invalid_value")]
    public async Task Complete_ParameterThatCannotBe_IsRefusedByNameAndNothingIsSent(string parameter, string param, string code)
    {
        var (status, body) = await PostAsync($$"""{"model":"anthropic","messages":[{"role":"user","content":"Hi"}],{{parameter}}}""");

        var error = JsonElement.Parse(body).GetProperty("error");
        Assert.Equal(
            (HttpStatusCode.BadRequest, param, code, "invalid_request_error"),
            (status, error.GetProperty("param").GetString(), error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Empty(Model.Requests);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,###"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":7}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url"}""", "messages[0].content[0]")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AQID","format":"ogg"}}""", "messages[0].content[0].input_audio")]
    [InlineData("""{"type":"file","file":{}}""", "messages[0].content[0].file")]
    [InlineData("""{"type":"video"}""", "messages[0].content[0]")]
    [InlineData("""7""", "messages[0].content[0]")]
    public async Task Complete_PartThatCannotBe_IsRefusedByItsPlace(string part, string param)
    {
        var (status, body) = await PostAsync($$"""{"model":"gemini","messages":[{"role":"user","content":[{{part}}]}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, param), (status, JsonElement.Parse(body).GetProperty("error").GetProperty("param").GetString()));
        Assert.Empty(Model.Requests);
    }

    [Theory]
    [InlineData(",\"strict\":true", true)]
    [InlineData(",\"strict\":false", false)]
    [InlineData("", false)]
    public async Task Send_SchemasThatAreStrictOrNot_StaySoWhereTheWireSaysIt(string strict, bool isStrict)
    {
        Model.Respond = _ => ModelReply.Text("{}");
        const string messages = """ "messages":[{"role":"user","content":"Hi"}] """;
        var schemas = $$$$"""
            "tools":[{"type":"function","function":{"name":"find","parameters":{"type":"object"}{{{{strict}}}}}}],
            "response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object"}{{{{strict}}}}}}
            """;

        foreach (var group in (string[])["responses", "anthropic", "gemini"])
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync($$"""{"model":"{{group}}",{{messages}},{{schemas}}}""")).Status);
        }

        var sent = (await Model.NextRequestAsync()).Json;
        Assert.Equal(
            (isStrict, isStrict),
            (sent.GetProperty("text").GetProperty("format").GetProperty("strict").GetBoolean(), sent.GetProperty("tools")[0].GetProperty("strict").GetBoolean()));
        Assert.Equal("find", (await Model.NextRequestAsync()).Json.GetProperty("tools")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("[1]", "arguments is no JSON object.")]
    [InlineData("{", "arguments is no JSON object.")]
    [InlineData("""{"a":"\ud800"}""", "arguments has a text that is no Unicode.")]
    [InlineData("deep", "arguments is nested deeper than 48 levels.")]
    public async Task Complete_ArgumentsThatCannotBe_AreRefusedForWhatIsWrongWithThem(string arguments, string message)
    {
        var json = arguments == "deep" ? $$"""{"a":{{new string('[', 48)}}{{new string(']', 48)}}}""" : arguments;
        var call = JsonSerializer.Serialize(new { id = "c", type = "function", function = new { name = "find", arguments = json } });

        var (status, body) = await PostAsync($$"""{"model":"anthropic","messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{{call}}]}]}""");

        var error = JsonElement.Parse(body).GetProperty("error");
        Assert.Equal(
            (HttpStatusCode.BadRequest, message, "messages[1].tool_calls[0].function.arguments"),
            (status, error.GetProperty("message").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(Model.Requests);
    }

    [Theory]
    [InlineData("null", "messages[1]")]
    [InlineData("{}", "messages[1]")]
    [InlineData("""{"role":"assistant","tool_calls":[null]}""", "messages[1].tool_calls[0]")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"c","type":"function"}]}""", "messages[1].tool_calls[0]")]
    [InlineData("""{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"find","arguments":"{}"}}]}""", "messages[1].tool_calls[0]")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"arguments":"{}"}}]}""", "messages[1].tool_calls[0]")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":"[1]"}}]}""", "messages[1].tool_calls[0].function.arguments")]
    public async Task Complete_MessageThatCannotBe_IsRefusedByItsPlace(string message, string param)
    {
        var (status, body) = await PostAsync($$"""{"model":"anthropic","messages":[{"role":"user","content":"Hi"},{{message}}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, param), (status, JsonElement.Parse(body).GetProperty("error").GetProperty("param").GetString()));
        Assert.Empty(Model.Requests);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("responses")]
    public async Task Complete_WhatNoWireCanCarry_IsTheCallersFaultAndNotTheEndpoints(string group)
    {
        const string question = """{"role":"user","content":"Hi"}""";
        var deep = $"{string.Concat(Enumerable.Repeat("{\"a\":", 50))}1{new string('}', 50)}";
        string Call(string arguments) => $$$"""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}]}""";
        string Tool(string schema) => $$$"""{"type":"function","function":{"name":"find","parameters":{{{schema}}}}}""";

        string[] members =
        [
            """ "messages":[{"role":"user","content":"\ud800"}] """,
            $$""" "messages":[{{question}}],"tools":[{{Tool("""{"type":"object","properties":{"\udc00":{}}}""")}}] """,
            $$""" "messages":[{{question}}],"tools":[{{Tool(deep)}}] """,
            $$""" "messages":[{{question}}],"tools":[{{Tool("""{"type":"object","type":"object"}""")}}] """,
            $$""" "messages":[{{question}},{{Call("""{"a":"\ud800"}""")}}] """,
            $$""" "messages":[{{question}},{{Call(deep)}}] """,
        ];
        var answers = new List<(HttpStatusCode, string?)>();

        foreach (var member in members)
        {
            var (status, body) = await PostAsync($$"""{"model":"{{group}}",{{member}}}""");
            answers.Add((status, JsonElement.Parse(body).GetProperty("error").GetProperty("code").GetString()));
        }

        Assert.Equal(
            [
                (HttpStatusCode.BadRequest, "invalid_json"), (HttpStatusCode.BadRequest, "invalid_json"), (HttpStatusCode.BadRequest, "invalid_json"), (HttpStatusCode.BadRequest, "invalid_json"),
                (HttpStatusCode.BadRequest, "invalid_value"), (HttpStatusCode.BadRequest, "invalid_value"),
            ],
            answers);
        Assert.Empty(Model.Requests);

        Model.Enqueue(ModelReply.Text("Well."));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($$"""{"model":"{{group}}","messages":[{{question}}]}""")).Status);
    }

    [Fact]
    public async Task Continue_ToolsAnswerThatGeminiCannotCarryAsAnObject_IsCarriedAsText()
    {
        var deep = $"{string.Concat(Enumerable.Repeat("{\"a\":", 50))}1{new string('}', 50)}";
        Model.Enqueue(ModelReply.Text("Well."));

        var (status, _) = await PostAsync(
            $$$"""
            {"model":"gemini","messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"c","content":{{{JsonSerializer.Serialize(deep)}}}}]}
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            deep,
            (await Model.NextRequestAsync()).Json.GetProperty("contents")[2].GetProperty("parts")[0].GetProperty("functionResponse").GetProperty("response").GetProperty("result").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_ReplyCutWithinAnEmoji_HasTheRestOfIt(bool stream)
    {
        const string text = "a\\ud83d b\\ude42 c\\ud83d\\ude42 d\\\\ud83d";
        await using var provider = RawModelServer.Start(async exchange =>
        {
            if (stream)
            {
                await exchange.BeginStreamAsync();
                await exchange.SendChunkAsync($"data: {{\"type\":\"response.output_text.delta\",\"delta\":\"{text}\"}}\n\n");
                await exchange.SendChunkAsync("data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}\n\n");
                await exchange.EndStreamAsync();
            }
            else
            {
                await exchange.SendJsonAsync($$$$"""{"id":"r","status":"completed","output":[{"type":"message","id":"m","content":[{"type":"output_text","text":"{{{{text}}}}"}]}]}""");
            }
        });
        await using var host = await GatewayHost.StartWithCatalogueAsync($$"""
            groups:
              - name: split
                endpoints:
                  - { api: responses, base_url: "{{provider.BaseUrl}}", model: m }
            """);
        using var client = host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "split", stream, messages = new[] { new { role = "user", content = "Hi" } } });

        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        var choice = stream ? JsonElement.Parse(body.Split("\n\n")[1]["data: ".Length..]) : JsonElement.Parse(body);
        Assert.Equal("a\ufffd b\ufffd c\ud83d\ude42 d\\ud83d", choice.GetProperty("choices")[0].GetProperty(stream ? "delta" : "message").GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("anthropic", HttpStatusCode.TooManyRequests, 429, "rate_limit_exceeded", "rate_limit_error")]
    [InlineData("gemini", HttpStatusCode.ServiceUnavailable, 503, "provider.overloaded", "server_error")]
    [InlineData("responses", HttpStatusCode.InternalServerError, 502, "provider.error", "server_error")]
    [InlineData("anthropic", HttpStatusCode.BadRequest, 400, "provider.request_refused", "invalid_request_error")]
    public async Task Complete_ProviderRefuses_AnswersTheEnvelope(string group, HttpStatusCode given, int status, string code, string type)
    {
        Model.Respond = _ => ModelReply.Refuse(given, "secret words", retryAfter: "7");
        using var client = Host.Client();
        using var content = new StringContent($$"""{"model":"{{group}}","messages":[{"role":"user","content":"Hi"}],"stream":true}""", Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/chat/completions", content);

        var body = await response.Content.ReadAsStringAsync();
        var error = JsonElement.Parse(body).GetProperty("error");
        Assert.Equal((status, code, type), ((int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        if (status is 429 or 503)
        {
            Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task Stream_BreaksMidway_EndsWithAnErrorAndNotWithDone()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut()));
        using var client = Host.Client();
        using var content = new StringContent("""{"model":"gemini","messages":[{"role":"user","content":"Hi"}],"stream":true}""", Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/chat/completions", content);

        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith(
            """data: {"error":{"message":"The model\u0027s reply broke off before its end.","type":"server_error","param":null,"code":"provider.stream_broken"}}""" + "\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ClientLeaves_EndsTheProvidersCall()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One"), new ModelStep.Wait(Timeout.InfiniteTimeSpan)));
        using var client = Host.Client();
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model = "anthropic", messages = new[] { new { role = "user", content = "Hi" } }, stream = true }),
        };
        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token))
        {
            await leaving.CancelAsync();
        }

        Assert.False(await (await Model.NextRequestAsync()).Ended.WaitAsync(Eventually.Timeout));
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string body)
    {
        using var client = Host.Client();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/chat/completions", content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<IReadOnlyList<JsonElement>> StreamAsync(string body)
    {
        var (status, text) = await PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, status);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(data => JsonElement.Parse(data["data: ".Length..]))];
    }

    // Ids and times are another's with every run.
    private static string Timeless(string body) => Created().Replace(Ids().Replace(body, "\"id\":\"ID\""), "\"created\":0").Replace("\"ID\",\"type\":\"function\"", "\"CALL\",\"type\":\"function\"", StringComparison.Ordinal);

    [GeneratedRegex("\"id\":\"[^\"]*\"")]
    private static partial Regex Ids();

    [GeneratedRegex("\"created\":[0-9]+")]
    private static partial Regex Created();
}
