using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AiPlatform.Distributed.Tests.Gateway;

/// <summary>The gateway through the real graph. Servers keep their counts and the cache its replies over the tests, so each compares with what was before it and asks what nobody asked.</summary>
public sealed class GatewayTests(GatewayGraph graph) : IClassFixture<GatewayGraph>
{
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
        var stats = await client.GetFromJsonAsync<JsonElement>("/stats");

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

    private int[] Counts() => [.. graph.Servers.Select(server => server.Requests.Count)];

    private static object Request(string message, bool stream = false) =>
        new { model = GatewayGraph.Model, messages = new[] { new { role = "user", content = message } }, stream };

    private static string? TextOf(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
}
