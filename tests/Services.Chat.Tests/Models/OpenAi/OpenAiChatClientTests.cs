using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.OpenAi;

public sealed class OpenAiChatClientTests : IAsyncLifetime, IDisposable
{
    private readonly ModelConnections _connections = new();
    private ModelServer? _server;
    private IChatClient? _client;

    private ModelServer Server => _server!;

    private IChatClient Client => _client!;

    public async Task InitializeAsync()
    {
        _server = await ModelServer.StartAsync("secret-key");
        _client = Create(Server.BaseUrl);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public void Dispose() => _connections.Dispose();

    [Fact]
    public async Task Complete_Conversation_SendsEveryRoleCallAndImage()
    {
        Server.Enqueue(ModelReply.Text("Fine."));
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, [new TextContent("Look:"), new UriContent(new Uri("https://example.org/a.png"), "image/png")]),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "find", new Dictionary<string, object?> { ["n"] = 1 }), new FunctionCallContent("c2", "find", new Dictionary<string, object?>())]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", JsonElement.Parse("""{"ok":true}""")), new FunctionResultContent("c2", "none")]),
        ];
        var options = new ChatOptions
        {
            Temperature = 0.5f,
            MaxOutputTokens = 100,
            Tools = [AIFunctionFactory.CreateDeclaration("find", "Finds.", JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}}}"""))],
            ToolMode = ChatToolMode.RequireSpecific("find"),
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer"),
        };

        var response = await Client.GetResponseAsync(messages, options);

        Assert.Equal(("Fine.", ChatFinishReason.Stop, 12L, 7L), (response.Text, response.FinishReason, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount));
        var sent = (await Server.NextRequestAsync()).Json;
        Assert.Equal(
            ["system", "user", "assistant", "tool", "tool"],
            sent.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("https://example.org/a.png", sent.GetProperty("messages")[1].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString());
        Assert.Equal("""{"n":1}""", sent.GetProperty("messages")[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(("c2", "none"), (sent.GetProperty("messages")[4].GetProperty("tool_call_id").GetString(), sent.GetProperty("messages")[4].GetProperty("content").GetString()));
        Assert.Equal("find", sent.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(("json_schema", "answer"), (sent.GetProperty("response_format").GetProperty("type").GetString(), sent.GetProperty("response_format").GetProperty("json_schema").GetProperty("name").GetString()));
        Assert.Equal((0.5, 100), (sent.GetProperty("temperature").GetDouble(), sent.GetProperty("max_completion_tokens").GetInt32()));
    }

    [Fact]
    public async Task Stream_TwoToolCalls_AreAssembledFromTheirPieces()
    {
        Server.Enqueue(ModelReply.ToolCalls(
            new ModelStep.ToolCall("search_clients", """{"query":"Maria Lopez","limit":5}""", "c1"),
            new ModelStep.ToolCall("get_templates", "{}", "c2")));

        var response = await Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        Assert.Equal(
            [("c1", "search_clients", """{"query":"Maria Lopez","limit":5}"""), ("c2", "get_templates", "{}")],
            calls.Select(call => (call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments))));
        Assert.Equal((ChatFinishReason.ToolCalls, 19L), (response.FinishReason, response.Usage?.TotalTokenCount));
    }

    [Fact]
    public async Task Stream_ArgumentsAreNoJson_CallCarriesTheFault()
    {
        Server.Enqueue(ModelReply.ToolCalls(new ModelStep.ToolCall("search_clients", """{"query":""")));

        var response = await Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        Assert.NotNull(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Exception);
    }

    [Fact]
    public async Task Stream_Text_ArrivesInDeltas()
    {
        Server.Enqueue(ModelReply.Text("One two three."));
        var deltas = new List<string>();

        await foreach (var update in Client.GetStreamingResponseAsync("Hi"))
        {
            deltas.AddRange(update.Contents.OfType<TextContent>().Select(text => text.Text));
        }

        Assert.True(deltas.Count > 1);
        Assert.Equal("One two three.", string.Concat(deltas));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, null, "provider.rate_limited")]
    [InlineData(HttpStatusCode.BadRequest, "context_length_exceeded", "provider.context_too_long")]
    [InlineData(HttpStatusCode.BadRequest, "content_filter", "provider.content_filtered")]
    [InlineData(HttpStatusCode.InternalServerError, null, "provider.error")]
    [InlineData(HttpStatusCode.GatewayTimeout, null, "provider.timeout")]
    public async Task Call_Refused_HasItsCodeAndNoneOfTheProvidersWords(HttpStatusCode status, string? code, string expected)
    {
        Server.Respond = _ => ModelReply.Refuse(status, "The prompt was: secret words", code: code);

        var whole = await Assert.ThrowsAsync<DomainException>(() => Client.GetResponseAsync("Hi"));
        var streamed = await Assert.ThrowsAsync<DomainException>(() => Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal((expected, expected), (whole.Code, streamed.Code));
        Assert.DoesNotContain("secret words", whole.Message, StringComparison.Ordinal);
        Assert.Equal(2, Server.Requests.Count);
    }

    [Fact]
    public async Task Stream_CutMidway_IsToldAsBroken()
    {
        Server.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut()));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.stream_broken", failure.Code);
    }

    [Fact]
    public async Task Call_ProviderHangs_EndsAtTheEndpointsTimeout()
    {
        Server.Enqueue(ModelReply.Hang());
        using var client = Create(Server.BaseUrl, timeoutSeconds: 1);

        var failure = await Assert.ThrowsAsync<DomainException>(() => client.GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal("provider.timeout", failure.Code);
    }

    [Fact]
    public async Task Call_Cancelled_ReachesTheConnection()
    {
        Server.Enqueue(ModelReply.Hang());
        using var leaving = new CancellationTokenSource();
        var call = Client.GetStreamingResponseAsync("Hi", cancellationToken: leaving.Token).ToChatResponseAsync();
        var sent = await Server.NextRequestAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(await sent.Ended.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Call_NobodyThere_IsUnreachable()
    {
        using var client = Create("http://127.0.0.1:1/v1");

        var failure = await Assert.ThrowsAsync<DomainException>(() => client.GetResponseAsync("Hi"));

        Assert.Equal("provider.unreachable", failure.Code);
    }

    [Fact]
    public void Find_UnknownModel_IsNamed()
    {
        var catalogue = Catalogue(Server.BaseUrl, 30);

        var failure = Assert.Throws<DomainException>(() => catalogue.Find("gpt-99"));

        Assert.Equal(("model.unknown", "There is no model 'gpt-99'."), (failure.Code, failure.Message));
    }

    private IChatClient Create(string baseUrl, int timeoutSeconds = 30) =>
        new ProviderClients(_connections, TimeProvider.System).Of(Catalogue(baseUrl, timeoutSeconds).Find(null).Endpoints[0]);

    private static ModelCatalogue Catalogue(string baseUrl, int timeoutSeconds) => new(SettingsCatalogue.Build(new ModelOptions
    {
        OpenAi = new() { BaseUrl = new Uri(baseUrl), ApiKey = "secret-key", Model = "test-model", TimeoutSeconds = timeoutSeconds },
    }));
}
