using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class GatewayTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync();

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    [Fact]
    public async Task Complete_LocalModel_SaysWhatItIs()
    {
        using var client = Host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "default", messages = new[] { new { role = "user", content = "Hello there" } } });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(double.Parse(response.Headers.GetValues("X-Proxy-Latency-Ms").Single(), System.Globalization.CultureInfo.InvariantCulture) >= 0);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.Equal("local", body.GetProperty("model").GetString());
        var choice = body.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.EndsWith("(Answered by the built-in `local` model.)", choice.GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            body.GetProperty("usage").GetProperty("total_tokens").GetInt64(),
            body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64() + body.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
    }

    [Fact]
    public async Task Stream_LocalModel_SendsRoleDeltasReasonUsageAndDone()
    {
        using var client = Host.Client();

        using var response = await client.PostAsJsonAsync(
            "/chat/completions", new { messages = new[] { new { role = "user", content = "Hello there" } }, stream = true, stream_options = new { include_usage = true } });
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1].Select(line => JsonElement.Parse(line["data: ".Length..])).ToList();
        Assert.Equal("""{"role":"assistant","content":""}""", events[0].GetProperty("choices")[0].GetProperty("delta").GetRawText());
        Assert.All(events[..^2], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind));
        Assert.Equal("stop", events[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(0, events[^1].GetProperty("choices").GetArrayLength());
        Assert.True(events[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt64() > 0);
        Assert.Single(events.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task Stream_WithTools_IsReadableByTheOfficialClient()
    {
        var client = OfficialClient("default");
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("search_clients", "Finds clients by name.", BinaryData.FromString("""{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}""")) },
        };
        var name = "";
        var arguments = new StringBuilder();
        ChatFinishReason? reason = null;

        await foreach (var chunk in client.CompleteChatStreamingAsync([new UserChatMessage("Find Maria Lopez")], options))
        {
            name += string.Concat(chunk.ToolCallUpdates.Select(call => call.FunctionName));
            arguments.AppendJoin("", chunk.ToolCallUpdates.Select(call => call.FunctionArgumentsUpdate.ToString()));
            reason = chunk.FinishReason ?? reason;
        }

        Assert.Equal(("search_clients", """{"query":"Maria Lopez"}""", ChatFinishReason.ToolCalls), (name, arguments.ToString(), reason));
    }

    [Fact]
    public async Task Complete_ToolResult_IsAnsweredFrom()
    {
        using var client = Host.Client();
        using var request = new StringContent("""
            {"model":"local","messages":[
              {"role":"user","content":"Find Maria Lopez"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"search_clients","arguments":"{\"query\":\"Maria Lopez\"}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"{\"success\":true,\"result\":{\"clients\":[{\"client_id\":\"1\",\"name\":\"Maria Lopez\",\"status\":\"active\"}]}}"}],
             "tools":[{"type":"function","function":{"name":"search_clients","description":"Finds clients.","parameters":{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}}}]}
            """, Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/chat/completions", request);

        var content = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.StartsWith("I found Maria Lopez (active).", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"gpt-99","messages":[{"role":"user","content":"x"}]}""", 404, """{"error":{"message":"There is no model \u0027gpt-99\u0027.","type":"invalid_request_error","param":"model","code":"model_not_found"}}""")]
    [InlineData("""{"model":""", 400, """{"error":{"message":"The body of the request is no valid JSON object, or is nested deeper than 64 levels.","type":"invalid_request_error","param":null,"code":"invalid_json"}}""")]
    [InlineData("""{"model":"local","messages":[]}""", 400, """{"error":{"message":"messages must have at least one message.","type":"invalid_request_error","param":"messages","code":"invalid_value"}}""")]
    [InlineData("""{"model":"local","messages":[{"role":"king","content":"x"}]}""", 400, """{"error":{"message":"There is no role \u0027king\u0027.","type":"invalid_request_error","param":"messages[0].role","code":"invalid_value"}}""")]
    [InlineData("""{"model":"local","messages":"x"}""", 400, """{"error":{"message":"The request does not have the shape of a chat completion at $.messages.","type":"invalid_request_error","param":"messages","code":"invalid_value"}}""")]
    public async Task Complete_BadRequest_AnswersTheEnvelope(string body, int status, string expected)
    {
        using var client = Host.Client();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/chat/completions", content);

        Assert.Equal((status, expected), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Complete_HugeBody_Is413InTheEnvelope()
    {
        using var client = Host.Client();
        using var content = new StringContent(new string(' ', (10 * 1024 * 1024) + 1), Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/chat/completions", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("POST", "/chat/completions")]
    [InlineData("GET", "/v1/models")]
    public async Task Call_WithoutToken_Is401InTheEnvelope(string method, string path)
    {
        using var client = Host.Client(signedIn: false);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            """{"error":{"message":"A valid access token is needed.","type":"authentication_error","param":null,"code":"invalid_api_key"}}""",
            await response.Content.ReadAsStringAsync());
        Assert.StartsWith("req_", response.Headers.GetValues("X-Request-Id").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NothingConfigured_NamesTheEmbeddedModel()
    {
        using var client = Host.Client();

        var body = await client.GetStringAsync("/v1/models");

        Assert.Equal(
            """{"object":"list","data":[{"id":"default","object":"model","created":0,"owned_by":"local"},{"id":"local","object":"model","created":0,"owned_by":"local"}]}""", body);
    }

    private ChatClient OfficialClient(string model) =>
        new(model, new ApiKeyCredential(Host.Token), new OpenAIClientOptions { Endpoint = new Uri($"{Host.Url}/v1") });
}
