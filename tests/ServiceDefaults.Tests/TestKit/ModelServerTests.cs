using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.TestKit;

public sealed class ModelServerTests
{
    [Fact]
    public async Task Stream_Text_SendsRoleFirstFinishReasonLastAndUsageWhenAsked()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.Text("Good morning Ann"));

        var lines = await StreamAsync(server, Request(stream: true, usage: true));

        Assert.Equal("[DONE]", lines[^1]);
        var chunks = lines.SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        var choices = chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0]).ToArray();
        Assert.Equal(
            [
                """{"role":"assistant","content":""}""", """{"content":"Good"}""", """{"content":" morning"}""", """{"content":" Ann"}""", "{}",
            ],
            choices.Select(choice => choice.GetProperty("delta").GetRawText()));
        Assert.Equal([null, null, null, null, "stop"], choices.Select(choice => choice.GetProperty("finish_reason").GetString()));
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(19, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task Stream_ToolCalls_SendsNamesFirstAndArgumentsInPieces()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.ToolCalls(
            new("search_clients", """{"query":"Ann Example","limit":5}""", "call_1"), new("get_templates", "{}", "call_2")));

        var lines = await StreamAsync(server, Request(stream: true));

        var choices = lines.SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("choices")[0]).ToArray();
        var calls = choices.Select(choice => choice.GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("tool_calls", out _))
            .Select(delta => delta.GetProperty("tool_calls")[0])
            .GroupBy(call => call.GetProperty("index").GetInt32())
            .Select(group => (
                group.First().GetProperty("id").GetString(),
                group.First().GetProperty("function").GetProperty("name").GetString(),
                string.Concat(group.Select(call => call.GetProperty("function").GetProperty("arguments").GetString()))));
        Assert.Equal([("call_1", "search_clients", """{"query":"Ann Example","limit":5}"""), ("call_2", "get_templates", "{}")], calls);
        Assert.Equal("tool_calls", choices[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Complete_TextAndRecordedRequest_AnswersWholeAndRemembersWhatWasAsked()
    {
        await using var server = await ModelServer.StartAsync(apiKey: "secret");
        server.Enqueue(ModelReply.Text("Hello there"));
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");

        var answer = await client.PostAsJsonAsync($"{server.BaseUrl}/chat/completions", Request(stream: false));

        var choice = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0];
        Assert.Equal("Hello there", choice.GetProperty("message").GetProperty("content").GetString());
        var request = await server.NextRequestAsync();
        Assert.Equal(("test-model", "Bearer secret", false), (request.Model, request.Headers["authorization"], request.Streams));
        Assert.Equal("hi", Assert.Single(request.Messages).GetProperty("content").GetString());
    }

    [Fact]
    public async Task Complete_WrongKey_IsRefusedInTheEnvelope()
    {
        await using var server = await ModelServer.StartAsync(apiKey: "secret");
        using var client = new HttpClient();

        var answer = await client.PostAsJsonAsync($"{server.BaseUrl}/chat/completions", Request(stream: false));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            """{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Complete_ScriptedRefusal_SendsStatusEnvelopeAndRetryAfter()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.Refuse(HttpStatusCode.TooManyRequests, "Slow down.", "requests", "rate_limit_exceeded", retryAfter: "3"));
        using var client = new HttpClient();

        var answer = await client.PostAsJsonAsync($"{server.BaseUrl}/chat/completions", Request(stream: true));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3)), (answer.StatusCode, answer.Headers.RetryAfter!.Delta));
        Assert.Equal(
            """{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Stream_Gate_HoldsWhatFollowsUntilItOpens()
    {
        await using var server = await ModelServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("first"), new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("second")));
        using var client = new HttpClient();
        using var reader = new StreamReader(await OpenAsync(client, server));

        var read = "";
        while (!read.Contains("first", StringComparison.Ordinal))
        {
            read += await reader.ReadLineAsync();
        }

        var rest = reader.ReadToEndAsync();
        Assert.False(rest.IsCompleted);
        gate.SetResult();
        Assert.Contains("second", await rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_CutMidway_BreaksTheConnection()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("first"), new ModelStep.Cut(), new ModelStep.TextDelta("never")));
        using var client = new HttpClient();
        using var reader = new StreamReader(await OpenAsync(client, server));

        await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadToEndAsync());
        Assert.False(await (await server.NextRequestAsync()).Ended);
    }

    [Fact]
    public async Task Stream_ClientGoes_IsSeenByTheServer()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.Hang());
        using var client = new HttpClient();
        using var cancellation = new CancellationTokenSource();
        var call = client.PostAsJsonAsync($"{server.BaseUrl}/chat/completions", Request(stream: true), cancellation.Token);
        var request = await server.NextRequestAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(await request.Ended.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Stream_Malformed_SendsItAsScripted()
    {
        await using var server = await ModelServer.StartAsync();
        server.Enqueue(ModelReply.Of(new ModelStep.Raw("data: {not json\n\n")));

        Assert.Equal("{not json", (await StreamAsync(server, Request(stream: true)))[0]);
    }

    [Fact]
    public async Task Embed_Texts_AnswersAVectorEachAndRemembersThem()
    {
        await using var server = await ModelServer.StartAsync(apiKey: "secret");
        server.Embed = asked => EmbeddingReply.From(asked, text => [text.Length, 0.5f]);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");

        var answer = await client.PostAsJsonAsync($"{server.BaseUrl}/embeddings", new { model = "m", input = new[] { "a", "three" } });
        await client.PostAsJsonAsync($"{server.BaseUrl}/embeddings", new { model = "m", input = "one text" });

        Assert.Equal(
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,0.5]},{"object":"embedding","index":1,"embedding":[5,0.5]}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}""",
            await answer.Content.ReadAsStringAsync());
        Assert.Equal(["a", "three", "one text"], server.Requests.SelectMany(request => request.Inputs));
    }

    [Fact]
    public async Task Embed_UnscriptedRefusedOrRaw_SaysSo()
    {
        await using var server = await ModelServer.StartAsync();
        using var client = new HttpClient();
        Task<HttpResponseMessage> EmbedAsync() => client.PostAsJsonAsync($"{server.BaseUrl}/embeddings", new { model = "m", input = "a" });

        var unscripted = await EmbedAsync();
        server.Embed = _ => EmbeddingReply.Refuse(HttpStatusCode.TooManyRequests);
        var refused = await EmbedAsync();
        server.Embed = _ => new() { Raw = "{" };
        var raw = await EmbedAsync();

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests), (unscripted.StatusCode, refused.StatusCode));
        Assert.Equal("{", await raw.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ListModels_Always_NamesThem()
    {
        await using var server = await ModelServer.StartAsync();
        server.Models = ["a", "b"];
        using var client = new HttpClient();

        var list = await client.GetFromJsonAsync<JsonElement>($"{server.BaseUrl}/models");

        Assert.Equal(["a", "b"], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
    }

    private static object Request(bool stream, bool usage = false) => new
    {
        model = "test-model",
        messages = new[] { new { role = "user", content = "hi" } },
        stream,
        stream_options = new { include_usage = usage },
    };

    private static async Task<Stream> OpenAsync(HttpClient client, ModelServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.BaseUrl}/chat/completions") { Content = JsonContent.Create(Request(stream: true)) };
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
    }

    private static async Task<string[]> StreamAsync(ModelServer server, object request)
    {
        using var client = new HttpClient();
        var answer = await client.PostAsJsonAsync($"{server.BaseUrl}/chat/completions", request);
        Assert.Equal("text/event-stream", answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        return [.. events.Select(line => line["data: ".Length..])];
    }
}
