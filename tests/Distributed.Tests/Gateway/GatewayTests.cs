using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Distributed.Tests.Gateway;

/// <summary>The gateway through the real graph. Servers keep their counts and the cache its replies over the tests, so each compares with what was before it and asks what nobody asked.</summary>
public sealed class GatewayTests(GatewayGraph graph) : IClassFixture<GatewayGraph>
{
    private const string Sentence = "The client spoke of the week.";

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/chat/completions")]
    [Trait("Spec", "T003-001")]
    public async Task Complete_ThroughTheGateway_ReturnsTheModelsText(string path)
    {
        graph.EchoEverywhere();
        using var client = graph.Client();

        using var response = await client.PostAsJsonAsync(path, Request($"Hello from {path}"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"You said Hello from {path}", TextOf(await response.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal("false", response.Headers.GetValues("X-Proxy-Cache-Hit").Single());
        Assert.Contains(response.Headers.GetValues("X-Proxy-Endpoint").Single(), (string[])["first", "second"]);
        Assert.StartsWith("req_", response.Headers.GetValues("X-Request-Id").Single(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Spec", "T003-002")]
    public async Task Stream_ThroughTheGateway_ComesInChunksThatMakeTheText()
    {
        graph.EchoEverywhere();
        using var client = graph.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request("one two three", stream: true));
        var deltas = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1]
            .Select(sent => JsonElement.Parse(sent["data: ".Length..]).GetProperty("choices")[0].GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("content", out _))
            .Select(delta => delta.GetProperty("content").GetString())
            .ToList();

        Assert.True(deltas.Count > 3);
        Assert.Equal("You said one two three", string.Concat(deltas));
    }

    [Fact]
    [Trait("Spec", "T003-003")]
    public async Task Stream_OverRawHttp_IsDataLinesUntilDone()
    {
        graph.EchoEverywhere();
        using var client = graph.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request("raw", stream: true));
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.All(lines, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", lines[^1]);

        // Asked for upstream to count by, and not the caller's.
        Assert.DoesNotContain(lines, line => line.Contains("prompt_tokens", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Spec", "T003-005")]
    public async Task Complete_UnknownModel_IsAnErrorThatNamesIt()
    {
        using var client = graph.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "gpt-99", messages = new[] { new { role = "user", content = "x" } } });

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(("model_not_found", "model"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Contains("gpt-99", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Spec", "T003-007")]
    public async Task Complete_ManyCalls_AreSpreadByWeightAndSpareTheFallback()
    {
        graph.EchoEverywhere();
        using var client = graph.Client();
        var before = Counts();

        for (var index = 0; index < 12; index++)
        {
            using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request($"spread {index}"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal([8, 4, 0], Counts().Zip(before, (after, earlier) => after - earlier));
    }

    [Fact]
    [Trait("Spec", "T003-008")]
    public async Task Complete_InParallel_EachGetsItsOwnText()
    {
        graph.EchoEverywhere();
        using var client = graph.Client();

        var texts = await Task.WhenAll(Enumerable.Range(0, 24).Select(async index =>
        {
            using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request($"number {index}"));
            return TextOf(await response.Content.ReadFromJsonAsync<JsonElement>());
        }));

        Assert.Equal(Enumerable.Range(0, 24).Select(index => $"You said number {index}"), texts);
    }

    [Fact]
    [Trait("Spec", "T003-009")]
    public async Task HealthAndStats_AfterACall_KnowRedisTheGroupsAndTheCounts()
    {
        graph.EchoEverywhere();
        using var client = graph.Client();
        using (await client.PostAsJsonAsync("/v1/chat/completions", Request("count me")))
        {
        }

        var health = await client.GetFromJsonAsync<JsonElement>("/health");
        var stats = await SettledStatsAsync(client);

        var checks = health.GetProperty("checks");
        Assert.Equal("Healthy", checks.GetProperty("redis").GetProperty("status").GetString());
        Assert.Equal("Healthy", checks.GetProperty("models").GetProperty("status").GetString());
        Assert.Equal($$"""{"{{GatewayGraph.Model}}":"available","local":"available"}""", checks.GetProperty("models").GetProperty("groups").GetRawText());

        var group = stats.GetProperty("groups")[0];
        var endpoints = group.GetProperty("endpoints").EnumerateArray().ToList();
        Assert.Equal((GatewayGraph.Model, "weighted", true), (group.GetProperty("name").GetString(), group.GetProperty("routing").GetString(), stats.GetProperty("shared").GetBoolean()));
        Assert.Equal(["first", "second", "spare"], endpoints.Select(endpoint => endpoint.GetProperty("name").GetString()));
        Assert.Equal(Counts(), endpoints.Select(endpoint => endpoint.GetProperty("requests").GetInt32()));
        Assert.Equal(Counts(), endpoints.Select(endpoint => endpoint.GetProperty("successes").GetInt32()));
        Assert.All(endpoints, endpoint => Assert.Equal((0, "available"), (endpoint.GetProperty("in_flight").GetInt32(), endpoint.GetProperty("state").GetString())));
        Assert.Contains(endpoints, endpoint => endpoint.GetProperty("success_rate").ValueKind == JsonValueKind.Number && endpoint.GetProperty("success_rate").GetDouble() == 1);
    }

    /// <summary>A caller has a reply a moment before its call has left the endpoint.</summary>
    private static async Task<JsonElement> SettledStatsAsync(HttpClient client)
    {
        JsonElement stats = default;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                stats = await client.GetFromJsonAsync<JsonElement>("/stats");
                return stats.GetProperty("groups")[0].GetProperty("endpoints").EnumerateArray().All(endpoint => endpoint.GetProperty("in_flight").GetInt32() == 0);
            },
            "no call is at an endpoint");
        return stats;
    }

    [Fact]
    public async Task DocumentAndRun_AreWrittenByTheConfiguredModelAndCounted()
    {
        foreach (var server in graph.Servers)
        {
            server.Respond = request => request.Json.TryGetProperty("response_format", out _) ? DraftOf(request) : ModelReply.Text("Good morning.");
        }

        using var api = graph.Client("api");
        using var documents = graph.Client("documents");
        using var chat = graph.Client();
        var session = (await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=1")).GetProperty("items")[0].GetProperty("sessionId").GetGuid();
        await using var socket = await graph.ConnectAsync($"configured-{Guid.CreateVersion7():N}");
        await socket.ReadUntilAsync("websocket_ready");

        using var response = await documents.PostAsJsonAsync("/api/v1/documents/generate", new { template = new { name = "Short", content = "# Short\n\n## Summary\n" }, sessionIds = new[] { session } });
        var document = await response.Content.ReadFromJsonAsync<JsonElement>();
        var run = await Conversation.SayAsync(socket, "Good morning");

        Assert.True(response.IsSuccessStatusCode, document.GetRawText());
        Assert.Contains(Sentence, document.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("Good morning.", run[^1].Json.GetProperty("payload").GetProperty("result").GetProperty("text").GetString());
        IReadOnlyList<(string?, string?, string?, Guid?)> calls = [];
        await Eventually.BecomesTrueAsync(
            async () => (calls = [.. (await chat.GetFromJsonAsync<JsonElement>("/api/v1/usage/calls?limit=2")).GetProperty("items").EnumerateArray().Select(Told)]) is [(_, _, not null, _), _], "the last one is a row");
        Assert.Equal(
            [(GatewayGraph.Model, "complete", "web_assistant", Guid.Parse(run[0].RunId!)), (GatewayGraph.Model, "complete", null, null)],
            calls);
    }

    private int[] Counts() => [.. graph.Servers.Select(server => server.Requests.Count)];

    private static (string?, string?, string?, Guid?) Told(JsonElement call) => (
        call.GetProperty("model").GetString(), call.GetProperty("outcome").GetString(), call.GetProperty("persona").GetString(),
        call.GetProperty("runId") is { ValueKind: JsonValueKind.String } runId ? runId.GetGuid() : null);

    // One sentence under the first heading, with the first segment as its evidence.
    private static ModelReply DraftOf(ModelRequest request)
    {
        var task = JsonElement.Parse(request.Messages[^1].GetProperty("content").GetString()!);
        var heading = task.GetProperty("template").GetProperty("sections")[0].GetProperty("heading").GetString();
        var segment = task.GetProperty("sessions")[0].GetProperty("segments")[0].GetProperty("id").GetString();
        return ModelReply.Text(JsonSerializer.Serialize(new { sections = new[] { new { heading, sentences = new[] { new { text = Sentence, evidence = new[] { segment } } } } } }));
    }

    private static object Request(string message, bool stream = false) =>
        new { model = GatewayGraph.Model, messages = new[] { new { role = "user", content = message } }, stream };

    private static string? TextOf(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
}
