using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class ForwardingTests : IAsyncLifetime
{
    private ModelServer? _model;
    private GatewayHost? _host;

    private ModelServer Model => _model!;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync("upstream-key");
        _host = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }

    [Fact]
    public async Task Forward_UnknownFields_ArriveByteForByteWithTheEndpointsModel()
    {
        Model.Enqueue(ModelReply.Text("Hello."));
        using var client = Host.Client();
        using var content = new StringContent("""{ "zeta":1, "model" : "default","messages":[{"role":"user","content":"Hi"}],  "x_vendor":{"b":2,"a":[1, 2]} }""", Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/v1/chat/completions", content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = await Model.NextRequestAsync();
        Assert.Equal("""{ "zeta":1, "model" : "big-model","messages":[{"role":"user","content":"Hi"}],  "x_vendor":{"b":2,"a":[1, 2]} }""", sent.Raw);
        Assert.Equal("Bearer upstream-key", sent.Headers["Authorization"]);
        Assert.Equal("fp_tests", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("system_fingerprint").GetString());
    }

    [Fact]
    public async Task Forward_Stream_PassesEveryByteOn()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.Raw("data: {\"odd\":  1}\n\n: comment\n\n"), new ModelStep.TextDelta("Hi")));
        using var client = Host.Client();
        using var content = JsonContent.Create(new { messages = new[] { new { role = "user", content = "Hi" } }, stream = true });

        using var response = await client.PostAsync("/chat/completions", content);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("data: {\"odd\":  1}\n\n: comment\n\n", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal("big-model", (await Model.NextRequestAsync()).Model);
    }

    [Fact]
    public async Task Forward_ClientLeaves_EndsTheProvidersCall()
    {
        Model.Enqueue(ModelReply.Hang());
        using var client = Host.Client();
        using var leaving = new CancellationTokenSource();
        var call = client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "Hi" } } }, leaving.Token);
        var sent = await Model.NextRequestAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(await sent.Ended.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Forward_SilentProvider_TimesOutInTheEnvelope()
    {
        Model.Enqueue(ModelReply.Hang());
        await using var impatient = await StartAsync(("Models:OpenAi:TimeoutSeconds", "1"));

        var (status, error) = await FailAsync(impatient);

        Assert.Equal((504, "provider.timeout", "server_error"), (status, error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, 502, "provider.error")]
    [InlineData(HttpStatusCode.Unauthorized, 502, "provider.refused")]
    public async Task Forward_ProvidersOwnFault_KeepsItsWordsBack(HttpStatusCode given, int status, string code)
    {
        Model.Enqueue(ModelReply.Refuse(given, "Key sk-abc is wrong."));

        var (answered, error) = await FailAsync(Host);

        Assert.Equal((status, code), (answered, error.GetProperty("code").GetString()));
        Assert.DoesNotContain("sk-abc", error.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("req-1", "200 OK", 200, "req-1")]
    [InlineData("\u00fcber", "200 OK", 200, null)]
    [InlineData("\u00fcber", "400 Bad", 400, null)]
    public async Task Forward_TextsThatNoHeaderHolds_DoNotKeepTheReplyFromItsCaller(string id, string given, int status, string? passedOn)
    {
        const string body = """{"error":{"message":"No.","code":null},"choices":[]}""";
        await using var provider = RawModelServer.Start(exchange =>
            exchange.SendAsync($"HTTP/1.1 {given}\r\nContent-Type: application/json\r\nX-Request-Id: {id}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await using var host = await GatewayHost.StartWithCatalogueAsync($$"""
            groups:
              - name: Zürich
                endpoints:
                  - { base_url: "{{provider.BaseUrl}}", model: m }
            """);
        using var client = host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "Zürich", messages = new[] { new { role = "user", content = "Hi" } } });

        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(passedOn, response.Headers.TryGetValues("X-Upstream-Request-Id", out var ids) ? ids.Single() : null);
        Assert.Equal(status == 200 ? "Z%C3%BCrich-1" : null, response.Headers.TryGetValues("X-Proxy-Endpoint", out var names) ? names.Single() : null);
    }

    [Fact]
    public async Task Forward_CallersFault_PassesOnWithItsWordsAndWait()
    {
        Model.Enqueue(ModelReply.Refuse(HttpStatusCode.TooManyRequests, "Slow down.", "rate_limit_error", "rate_limit_exceeded", "7"));
        using var client = Host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "Hi" } } });

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Equal("Slow down.", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Complete_LocalByName_NeverReachesTheProvider()
    {
        using var client = Host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "local", messages = new[] { new { role = "user", content = "Hello" } } });

        Assert.Equal("local", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("model").GetString());
        Assert.Empty(Model.Requests);
    }

    [Fact]
    public async Task List_ProviderConfigured_NamesBothAndWhoServesThem()
    {
        using var client = Host.Client();

        Assert.Equal(
            """{"object":"list","data":[{"id":"default","object":"model","created":0,"owned_by":"openai"},{"id":"big-model","object":"model","created":0,"owned_by":"openai"},{"id":"local","object":"model","created":0,"owned_by":"local"}]}""",
            await client.GetStringAsync("/v1/models"));
    }

    private Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings) => GatewayHost.StartAsync(
        [("Models:OpenAi:BaseUrl", Model.BaseUrl), ("Models:OpenAi:ApiKey", "upstream-key"), ("Models:OpenAi:Model", "big-model"), .. settings]);

    private static async Task<(int Status, JsonElement Error)> FailAsync(GatewayHost host)
    {
        using var client = host.Client();
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "Hi" } } });
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error"));
    }
}
