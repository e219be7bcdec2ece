using System.Net;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Responses;

/// <summary>The wire of responses, of models that do not speak it.</summary>
public sealed class ResponseTests : IAsyncLifetime
{
    private const string Tools = """[{"type":"function","name":"find","description":"Finds.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}}]""";

    private ResponseHost? _host;

    private ResponseHost Host => _host!;

    private ModelServer Model => Host.Model;

    public async Task InitializeAsync() => _host = await ResponseHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Theory]
    [InlineData("chat", "gpt-4o")]
    [InlineData("gemini", "gemini-2.5-flash")]
    [Trait("Spec", "T001-455")]
    public async Task Create_ThoughtTextAndCall_IsOneResponse(string group, string model)
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm."), new ModelStep.TextDelta("Looking."), new ModelStep.ToolCall("find", """{"n":1}""", "c1")) with { CachedTokens = 5, ReasoningTokens = 3 });

        var response = await Host.CreatedAsync($$$"""{"model":"{{{group}}}","input":"Hi","instructions":"Be brief.","tools":{{{Tools}}},"metadata":{"a":"b"}}""");

        var call = response.GetProperty("output")[2].GetProperty("call_id").GetString();
        Assert.Equal(
            $$$"""
            {"id":"resp_0","object":"response","created_at":0,"status":"completed","background":false,"error":null,"incomplete_details":null,
            "instructions":"Be brief.","max_output_tokens":null,"metadata":{"a":"b"},"model":"{{{model}}}",
            "output":[{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]},
            {"id":"msg_0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Looking.","annotations":[],"logprobs":[]}]},
            {"id":"fc_0","type":"function_call","status":"completed","call_id":"{{{call}}}","name":"find","arguments":"{\u0022n\u0022:1}"}],
            "parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":true,"temperature":1,
            "text":{"format":{"type":"text"}},"tool_choice":"auto","tools":{{{Tools}}},"top_p":1,"truncation":"disabled",
            "usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":5},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":19},"user":null}
            """.ReplaceLineEndings(""),
            ResponseHost.Timeless(response.GetRawText()));
    }

    [Fact]
    [Trait("Spec", "T001-456")]
    public async Task Stream_ThoughtTextAndCall_ComesInNumberedEvents()
    {
        Model.Enqueue(ModelReply.Of(
            new ModelStep.Thought("Hm."), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two"), new ModelStep.ToolCall("find", """{"n":1,"query":"Ana"}""", "c1")));

        var events = await Host.StreamAsync($$"""{"model":"chat","input":"Hi","tools":{{Tools}},"stream":true}""");

        var joined = ResponseHost.Timeless(string.Join('\n', events)).Split('\n');
        Assert.Equal(
            [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
                "response.output_text.done", "response.content_part.done", "response.output_item.done",
                "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.output_item.done", "response.completed",
            ],
            joined.Select(data => JsonElement.Parse(data).GetProperty("type").GetString()));
        Assert.Equal(Enumerable.Range(0, joined.Length), joined.Select(data => JsonElement.Parse(data).GetProperty("sequence_number").GetInt32()));
        Assert.Equal(
            [
                """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_0","type":"reasoning","summary":[]}}""",
                """{"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
                """{"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_0","output_index":0,"summary_index":0,"delta":"Hm."}""",
                """{"type":"response.reasoning_summary_text.done","sequence_number":5,"item_id":"rs_0","output_index":0,"summary_index":0,"text":"Hm."}""",
                """{"type":"response.reasoning_summary_part.done","sequence_number":6,"item_id":"rs_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"Hm."}}""",
                """{"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]}}""",
                """{"type":"response.output_item.added","sequence_number":8,"output_index":1,"item":{"id":"msg_0","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
                """{"type":"response.content_part.added","sequence_number":9,"item_id":"msg_0","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}""",
                """{"type":"response.output_text.delta","sequence_number":10,"item_id":"msg_0","output_index":1,"content_index":0,"delta":"One","logprobs":[]}""",
                """{"type":"response.output_text.delta","sequence_number":11,"item_id":"msg_0","output_index":1,"content_index":0,"delta":" two","logprobs":[]}""",
                """{"type":"response.output_text.done","sequence_number":12,"item_id":"msg_0","output_index":1,"content_index":0,"text":"One two","logprobs":[]}""",
                """{"type":"response.content_part.done","sequence_number":13,"item_id":"msg_0","output_index":1,"content_index":0,"part":{"type":"output_text","text":"One two","annotations":[],"logprobs":[]}}""",
                """{"type":"response.output_item.done","sequence_number":14,"output_index":1,"item":{"id":"msg_0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"One two","annotations":[],"logprobs":[]}]}}""",
                """{"type":"response.output_item.added","sequence_number":15,"output_index":2,"item":{"id":"fc_0","type":"function_call","status":"in_progress","call_id":"c1","name":"find","arguments":""}}""",
                """{"type":"response.function_call_arguments.delta","sequence_number":16,"item_id":"fc_0","output_index":2,"delta":"{\u0022n\u0022:1,\u0022quer"}""",
                """{"type":"response.function_call_arguments.delta","sequence_number":17,"item_id":"fc_0","output_index":2,"delta":"y\u0022:\u0022Ana\u0022}"}""",
                """{"type":"response.function_call_arguments.done","sequence_number":18,"item_id":"fc_0","output_index":2,"name":"find","arguments":"{\u0022n\u0022:1,\u0022query\u0022:\u0022Ana\u0022}"}""",
                """{"type":"response.output_item.done","sequence_number":19,"output_index":2,"item":{"id":"fc_0","type":"function_call","status":"completed","call_id":"c1","name":"find","arguments":"{\u0022n\u0022:1,\u0022query\u0022:\u0022Ana\u0022}"}}""",
            ],
            joined[2..^1]);
    }

    [Fact]
    public async Task Stream_WholeResponse_IsTheSameAsReadAgain()
    {
        Model.Enqueue(ModelReply.Text("One two"));

        var last = JsonElement.Parse((await Host.StreamAsync("""{"model":"anthropic","input":"Hi","stream":true}"""))[^1]).GetProperty("response");
        var (status, again) = await Host.SendAsync(HttpMethod.Get, $"/responses/{last.GetProperty("id").GetString()}");

        Assert.Equal((HttpStatusCode.OK, last.GetRawText()), (status, again.GetRawText()));
    }

    [Fact]
    public async Task Stream_CallsWhosePiecesComeMixed_KeepEachItsOwn()
    {
        Model.Enqueue(ModelReply.Of(
            new ModelStep.Raw(Piece("""{"index":0,"id":"c1","type":"function","function":{"name":"find","arguments":"{\"a\""}}""")),
            new ModelStep.Raw(Piece("""{"index":1,"id":"c2","type":"function","function":{"name":"find","arguments":"{\"b\""}}""")),
            new ModelStep.Raw(Piece("""{"index":0,"function":{"arguments":":1}"}}""")),
            new ModelStep.Raw(Piece("""{"index":1,"function":{"arguments":":2}"}}"""))));

        var last = JsonElement.Parse((await Host.StreamAsync($$"""{"model":"chat","input":"Hi","tools":{{Tools}},"stream":true}"""))[^1]);

        Assert.Equal(
            [("c1", """{"a":1}"""), ("c2", """{"b":2}""")],
            last.GetProperty("response").GetProperty("output").EnumerateArray().Select(item => (item.GetProperty("call_id").GetString(), item.GetProperty("arguments").GetString())));

        static string Piece(string call) => $$$"""data: {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{{{call}}}]}}]}""" + "\n\n";
    }

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content_filter", "content_filter")]
    public async Task Create_StoppedEarly_IsIncompleteAndSaysWhy(string scripted, string reason)
    {
        Model.Enqueue(ModelReply.Text("Half") with { FinishReason = scripted });

        var response = await Host.CreatedAsync("""{"model":"chat","input":"Hi"}""");

        Assert.Equal(("incomplete", reason), (response.GetProperty("status").GetString(), response.GetProperty("incomplete_details").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Create_ItemsOfEveryKind_ReachTheModel()
    {
        Model.Enqueue(ModelReply.Text("Fine."));

        await Host.CreatedAsync($$$$"""
            {"model":"chat","input":[
              {"role":"developer","content":"Be brief."},
              {"type":"message","role":"user","content":[{"type":"input_text","text":"Look:"},{"type":"input_image","image_url":"https://example.org/a.png","detail":"low"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}]},
              {"type":"reasoning","id":"rs_1","summary":[]},
              {"role":"assistant","content":[{"type":"output_text","text":"Looking."}]},
              {"type":"function_call","call_id":"c1","name":"find","arguments":"{\"n\":1}"},
              {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"none"}]},
              {"type":"web_search_call","id":"ws_1","status":"completed"}],
             "tools":{{{{Tools}}}},"tool_choice":{"type":"function","name":"find"},"parallel_tool_calls":false,"max_output_tokens":100,"temperature":0.5,"top_p":0.9,
             "text":{"format":{"type":"json_schema","name":"reply","schema":{"type":"object"},"strict":true}},"reasoning":{"effort":"low"}}
            """);

        Assert.Equal(
            """
            {"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}}]},
            {"role":"assistant","content":"Looking.","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"n\":1}"}}]},
            {"role":"tool","tool_call_id":"c1","content":"none"}],
            "temperature":0.5,"top_p":0.9,"max_tokens":100,"response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object"},"strict":true}},
            "tools":[{"type":"function","function":{"name":"find","description":"Finds.","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}}}],
            "tool_choice":{"type":"function","function":{"name":"find"}},"parallel_tool_calls":false}
            """.ReplaceLineEndings(""),
            (await Model.NextRequestAsync()).Raw);
    }

    [Theory]
    [InlineData(",\"strict\":true", true)]
    [InlineData(",\"strict\":false", false)]
    [InlineData("", false)]
    public async Task Create_SchemasThatAreStrictOrNot_StaySo(string strict, bool isStrict)
    {
        Model.Enqueue(ModelReply.Text("{}"));

        await Host.CreatedAsync(
            $$$$"""
            {"model":"chat","input":"Hi","tools":[{"type":"function","name":"find","parameters":{"type":"object"}{{{{strict}}}}}],
            "text":{"format":{"type":"json_schema","name":"reply","schema":{"type":"object"}{{{{strict}}}}}}}
            """);

        var sent = (await Model.NextRequestAsync()).Json;
        Assert.Equal(
            (isStrict, isStrict),
            (sent.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean(),
                sent.GetProperty("tools")[0].GetProperty("function").TryGetProperty("strict", out var tool) && tool.GetBoolean()));
    }

    [Theory]
    [InlineData("\"input\":7", "input", "invalid_value")]
    [InlineData("\"input\":[]", "input", "invalid_value")]
    [InlineData("\"instructions\":\"x\"", "input", "invalid_value")]
    [InlineData("\"input\":[{\"role\":\"king\",\"content\":\"x\"}]", "input[0].role", "invalid_value")]
    [InlineData("\"input\":[null]", "input[0]", "invalid_value")]
    [InlineData("\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]", "input[0]", "invalid_value")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"file:///etc/passwd\"}]}]", "input[0].content[0].image_url", "invalid_value")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]", "input[0].content[0]", "invalid_value")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"name\":\"find\"}]", "input[0]", "invalid_value")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"find\",\"arguments\":\"{\"}]", "input[0].arguments", "invalid_value")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"output\":\"x\"}]", "input[0].call_id", "invalid_value")]
    [InlineData("\"input\":\"x\",\"temperature\":3", "temperature", "invalid_value")]
    [InlineData("\"input\":\"x\",\"max_output_tokens\":0", "max_output_tokens", "invalid_value")]
    [InlineData("\"input\":\"x\",\"reasoning\":{\"effort\":\"much\"}", "reasoning.effort", "invalid_value")]
    [InlineData("\"input\":\"x\",\"reasoning\":7", "reasoning", "invalid_value")]
    [InlineData("\"input\":\"x\",\"text\":{\"format\":{\"type\":\"xml\"}}", "text.format", "invalid_value")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"file_search\"}]", "tools[0].type", "unsupported_parameter")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"function\"}]", "tools[0].name", "invalid_value")]
    [InlineData("\"input\":\"x\",\"tools\":{}", "tools", "invalid_value")]
    [InlineData("\"input\":\"x\",\"tool_choice\":\"required\"", "tool_choice", "invalid_value")]
    [InlineData("\"input\":\"x\",\"tool_choice\":7", "tool_choice", "invalid_value")]
    [InlineData("\"input\":\"x\",\"conversation\":\"c\"", "conversation", "unsupported_parameter")]
    [InlineData("\"input\":\"x\",\"prompt\":{\"id\":\"p\"}", "prompt", "unsupported_parameter")]
    [InlineData("\"input\":\"x\",\"top_logprobs\":2", "top_logprobs", "unsupported_parameter")]
    [InlineData("\"input\":\"x\",\"background\":true,\"stream\":true", "background", "unsupported_parameter")]
    [InlineData("\"input\":\"x\",\"background\":true,\"store\":false", "background", "invalid_value")]
    public async Task Create_RequestThatCannotBe_IsRefusedByNameAndNothingIsSent(string members, string param, string code)
    {
        var (status, body) = await Host.CreateAsync($$"""{"model":"chat",{{members}}}""");

        var error = body.GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, param, code), (status, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Empty(Model.Requests);
    }

    [Theory]
    [InlineData("\"input\":\"\\ud800\"")]
    [InlineData("\"input\":\"Hi\",\"metadata\":{\"a\":\"\\ud800\"}")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":\"Hi\",\"\\ud800\":1}]")]
    [InlineData("\"input\":\"Hi\",\"metadata\":DEEP")]
    [InlineData("\"input\":\"Hi\",\"tools\":[{\"type\":\"function\",\"name\":\"find\",\"parameters\":DEEP}]")]
    public async Task Create_WhatNoWireCanCarry_IsTheCallersFaultAndNotTheEndpoints(string members)
    {
        var deep = $"{string.Concat(Enumerable.Repeat("{\"a\":", 50))}1{new string('}', 50)}";

        var (status, body) = await Host.CreateAsync($$"""{"model":"chat",{{members.Replace("DEEP", deep, StringComparison.Ordinal)}}}""");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (status, body.GetProperty("error").GetProperty("code").GetString()));
        Assert.Empty(Model.Requests);

        Model.Enqueue(ModelReply.Text("Well."));
        await Host.CreatedAsync("""{"model":"chat","input":"Hi"}""");
    }

    [Fact]
    public async Task Create_ProviderRefuses_AnswersTheEnvelope()
    {
        Model.Respond = _ => ModelReply.Refuse(HttpStatusCode.TooManyRequests, "secret words", retryAfter: "7");

        var (status, body) = await Host.CreateAsync("""{"model":"anthropic","input":"Hi"}""");

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (status, body.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Stream_BreaksMidway_EndsAsFailedAndIsNotKept()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut()));

        var last = JsonElement.Parse((await Host.StreamAsync("""{"model":"chat","input":"Hi","stream":true}"""))[^1]);

        var response = last.GetProperty("response");
        Assert.Equal(
            ("response.failed", "failed", "server_error", false),
            (last.GetProperty("type").GetString(), response.GetProperty("status").GetString(), response.GetProperty("error").GetProperty("code").GetString(), response.GetProperty("store").GetBoolean()));
        Assert.Equal(HttpStatusCode.NotFound, (await Host.SendAsync(HttpMethod.Get, $"/v1/responses/{response.GetProperty("id").GetString()}")).Status);
    }

    [Fact]
    public async Task Stream_ForwardedOneBreaksMidway_EndsWithANumberedErrorEvent()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half of \"sequence_number\":99"), new ModelStep.Cut()));

        var events = await Host.StreamAsync("""{"model":"responses","input":"Hi","stream":true}""");

        var last = JsonElement.Parse(events[^2]).GetProperty("sequence_number").GetInt64();
        const string told = "\"code\":\"provider.stream_broken\"";
        const string message = "\"message\":\"The model\\u0027s reply broke off before its end.\"";
        Assert.Equal($$$"""{"type":"error","sequence_number":{{{last + 1}}},{{{told}}},{{{message}}},"param":null,"error":{{{{message}}},"type":"server_error","param":null,{{{told}}}}}""", events[^1]);
    }

    [Fact]
    public async Task Create_ModelThatSpeaksResponses_GetsTheBytesAsTheyCame()
    {
        Model.Enqueue(ModelReply.Text("Fine."));

        var response = await Host.CreatedAsync("""{ "zeta":1, "model" : "responses","input":"Hi",  "x_vendor":{"b":2} }""");

        Assert.Equal("""{ "zeta":1, "model" : "gpt-5","input":"Hi",  "x_vendor":{"b":2} }""", (await Model.NextRequestAsync()).Raw);
        Assert.Equal("Fine.", response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }
}
