using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class RoutingTests : IAsyncLifetime
{
    private readonly List<ModelServer> _servers = [];

    public async Task InitializeAsync()
    {
        for (var index = 0; index < 3; index++)
        {
            var server = await ModelServer.StartAsync();
            var name = $"server {index}";
            server.Respond = _ => ModelReply.Text(name);
            _servers.Add(server);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    [Trait("Spec", "LP-009")]
    public async Task Weighted_ManyCalls_FollowTheWeightsAndSpareTheFallback()
    {
        await using var host = await StartAsync("weighted", 3, 1, 0);

        var answers = await AskManyAsync(host, 12);

        Assert.Equal((9, 3, 0), (answers.Count(name => name == "a"), answers.Count(name => name == "b"), answers.Count(name => name == "c")));
    }

    [Fact]
    public async Task LeastBusy_OneIsBusy_AsksTheOther()
    {
        var gate = new TaskCompletionSource();
        await using var host = await StartAsync("least_busy", 1, 1, 0);
        _servers[0].Respond = _ => ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("late"));
        _servers[1].Respond = _ => ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("late"));
        using var client = host.Client();

        var both = new[] { AskAsync(client), AskAsync(client) };
        await Task.WhenAll(_servers[0].NextRequestAsync(), _servers[1].NextRequestAsync());
        gate.SetResult();

        Assert.Equal(["a", "b"], (await Task.WhenAll(both)).Select(answer => answer.Endpoint).Order());
    }

    [Fact]
    public async Task Latency_OneIsSlow_AsksTheFasterOneOnceBothAreKnown()
    {
        await using var host = await StartAsync("latency", 1, 1, 0);
        _servers[0].Respond = _ => ModelReply.Of(new ModelStep.Wait(TimeSpan.FromSeconds(3)), new ModelStep.TextDelta("slow"));

        var answers = await AskManyAsync(host, 8);

        Assert.Equal(1, answers.Count(name => name == "a"));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "cooling")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "cooling")]
    [InlineData(HttpStatusCode.RequestTimeout, "available")]
    [InlineData(HttpStatusCode.TooManyRequests, "available")]
    [Trait("Spec", "LP-010")]
    public async Task Failure_OfTheFirst_IsAnsweredByTheNext(HttpStatusCode status, string state)
    {
        await using var host = await StartAsync("weighted", 1, 0, 0);
        _servers[0].Respond = _ => ModelReply.Refuse(status, "sk-secret");
        using var client = host.Client();

        var (answer, endpoint, _) = await AskAsync(client);

        Assert.Equal((HttpStatusCode.OK, "b"), (answer, endpoint));
        Assert.Equal(state, (await host.StatsAsync("a")).GetProperty("state").GetString());
        var settled = await host.Settled.NextAsync();
        Assert.Equal((2, "b", ModelCallOutcome.Complete), (settled.Attempts, settled.Endpoint?.Name, settled.Outcome));
    }

    [Fact]
    public async Task RetryAfter_Of429_IsHonouredWithoutCallingItAFailure()
    {
        await using var host = await StartAsync("weighted", 1, 0, 0);
        _servers[0].Respond = _ => ModelReply.Refuse(HttpStatusCode.TooManyRequests, retryAfter: "40");

        var answers = await AskManyAsync(host, 3);

        Assert.Equal(["b", "c", "b"], answers);
        Assert.Single(_servers[0].Requests);
        Assert.InRange((await host.StatsAsync("a")).GetProperty("cooldown_seconds").GetDouble(), 1, 40);
    }

    [Fact]
    public async Task BadRequest_OfTheCaller_IsAskedOnceAndCoolsNobody()
    {
        await using var host = await StartAsync("weighted", 1, 1, 0);
        foreach (var server in _servers)
        {
            server.Respond = _ => ModelReply.Refuse(HttpStatusCode.BadRequest, "No such parameter.", "invalid_request_error", "unknown_parameter");
        }

        using var client = host.Client();
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("unknown_parameter", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1, _servers.Sum(server => server.Requests.Count));
        Assert.Equal("available", (await host.StatsAsync("a")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Failure_OfAll_IsUnavailableWithATimeToComeBack()
    {
        await using var host = await StartAsync("weighted", 1, 1, 0);
        foreach (var server in _servers)
        {
            server.Respond = _ => ModelReply.Refuse(HttpStatusCode.InternalServerError);
        }

        using var client = host.Client();
        using var first = await client.PostAsJsonAsync("/v1/chat/completions", Request());
        using var second = await client.PostAsJsonAsync("/v1/chat/completions", Request());

        Assert.Equal(HttpStatusCode.BadGateway, first.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.InRange(second.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("model.unavailable", (await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(3, _servers.Sum(server => server.Requests.Count));
    }

    [Fact]
    public async Task Concurrency_AllPlacesTaken_WaitsThenSaysBusy()
    {
        var gate = new TaskCompletionSource();
        _servers[0].Respond = _ => ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("done"));
        await using var host = await GatewayHost.StartWithCatalogueAsync(
            $$"""groups: [{ name: m, endpoints: [{ name: a, base_url: "{{_servers[0].BaseUrl}}", model: x, limits: { concurrency: 1, wait: 3s } }] }]""");
        using var client = host.Client();
        var holding = AskAsync(client);
        await _servers[0].NextRequestAsync();

        using var refused = await client.PostAsJsonAsync("/v1/chat/completions", Request());
        var waiting = AskAsync(client);
        gate.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("model.busy", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await holding).Status, (await waiting).Status));
    }

    [Theory]
    [InlineData("rpm: 1")]
    [InlineData("tpm: 5")]
    public async Task Rate_Spent_IsRefusedWithATimeToComeBack(string limit)
    {
        await using var host = await GatewayHost.StartWithCatalogueAsync(
            $$"""groups: [{ name: m, endpoints: [{ name: a, base_url: "{{_servers[0].BaseUrl}}", model: x, limits: { {{limit}} } }] }]""");
        using var client = host.Client();

        var first = await AskAsync(client);
        using var second = await client.PostAsJsonAsync("/v1/chat/completions", Request());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.Status, second.StatusCode));
        Assert.True(second.Headers.RetryAfter?.Delta > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Reload_DuringAStream_EndsItWhereItBegan()
    {
        var gate = new TaskCompletionSource();
        _servers[0].Respond = request => request.Streams
            ? ModelReply.Of(new ModelStep.TextDelta("begun "), new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("ended"))
            : ModelReply.Text("old");
        await using var host = await GatewayHost.StartWithCatalogueAsync(
            $$"""groups: [{ name: m, endpoints: [{ name: a, base_url: "{{_servers[0].BaseUrl}}", model: x }] }]""", ("Catalogue:PollSeconds", "0.1"));
        using var client = host.Client();
        using var streamed = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Request(stream: true)) };
        using var running = await client.SendAsync(streamed, HttpCompletionOption.ResponseHeadersRead);

        await host.ChangeCatalogueAsync($$"""groups: [{ name: m, endpoints: [{ name: z, base_url: "{{_servers[1].BaseUrl}}", model: x }] }]""");
        await Eventually.BecomesTrueAsync(async () => (await AskAsync(client)).Endpoint == "z", "the new catalogue is in use");
        gate.SetResult();

        Assert.EndsWith("data: [DONE]\n\n", await running.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Spec", "LP-011")]
    public async Task Cooldown_OfOneReplica_IsKnownToTheOther()
    {
        var catalogue = Catalogue("weighted", 1, 0, 0);
        await using var first = await GatewayHost.StartWithCatalogueAsync(catalogue);
        await using var second = await GatewayHost.StartWithCatalogueAsync(catalogue);
        _servers[0].Respond = _ => ModelReply.Refuse(HttpStatusCode.InternalServerError);
        using var client = first.Client();
        await second.StatsAsync("a");

        await AskAsync(client);

        await Eventually.BecomesTrueAsync(
            async () => (await second.StatsAsync("a")).GetProperty("state").GetString() == "cooling", "the other replica leaves the endpoint alone");
    }

    [Fact]
    [Trait("Spec", "LP-016")]
    public async Task Envelope_OfEveryRefusal_IsOpenAis()
    {
        await using var host = await StartAsync("weighted", 1, 0, 0);
        using var client = host.Client();
        using var stranger = host.Client(signedIn: false);
        var answers = new Dictionary<string, HttpResponseMessage>
        {
            ["404"] = await client.GetAsync("/v1/nothing"),
            ["405"] = await client.GetAsync("/v1/chat/completions"),
            ["405 unversioned"] = await client.DeleteAsync("/embeddings"),
            ["413"] = await client.PostAsync("/v1/chat/completions", new StringContent($$"""{"messages":"{{new string('x', 11 * 1024 * 1024)}}"}""", Encoding.UTF8, "application/json")),
            ["415"] = await client.PostAsync("/v1/chat/completions", new StringContent("{}", Encoding.UTF8, "text/plain")),
            ["401"] = await stranger.GetAsync("/v1/nothing"),
        };

        foreach (var (status, response) in answers)
        {
            using (response)
            {
                var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
                Assert.Equal(status[..3], ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
                Assert.Equal(["code", "message", "param", "type"], error.EnumerateObject().Select(member => member.Name).Order());
            }
        }
    }

    private static object Request(bool stream = false) => new { model = "m", messages = new[] { new { role = "user", content = "Hi" } }, stream };

    private Task<GatewayHost> StartAsync(string routing, params int[] weights) => GatewayHost.StartWithCatalogueAsync(Catalogue(routing, weights));

    private string Catalogue(string routing, params int[] weights) => $$"""
        groups:
          - name: m
            routing: {{routing}}
            endpoints:
        {{string.Join('\n', weights.Select((weight, index) => $"      - {{ name: {"abc"[index]}, base_url: '{_servers[index].BaseUrl}', model: x, weight: {weight} }}"))}}
        """;

    private static async Task<List<string>> AskManyAsync(GatewayHost host, int count)
    {
        using var client = host.Client();
        var endpoints = new List<string>();

        for (var index = 0; index < count; index++)
        {
            endpoints.Add((await AskAsync(client)).Endpoint);
        }

        return endpoints;
    }

    private static async Task<(HttpStatusCode Status, string Endpoint, string Text)> AskAsync(HttpClient client)
    {
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request());
        return (
            response.StatusCode,
            response.Headers.TryGetValues("X-Proxy-Endpoint", out var names) ? names.Single() : "",
            await response.Content.ReadAsStringAsync());
    }
}
