using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Caching;

/// <summary>What is kept and what is not, and what a request may say about it.</summary>
public sealed class CacheRulesTests : IAsyncLifetime
{
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":1}""";
    private const string Stream = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}""";

    private readonly TestToken _user = new();
    private ModelServer? _model;
    private CacheHost? _host;

    private ModelServer Model => _model!;

    private CacheHost Host => _host!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _host = await CacheHost.StartAsync(Model.BaseUrl, "cooldown: 0s,", ("Gateway:Cache:MaxKilobytes", "4"));
        Model.Respond = _ => ModelReply.Text("Fresh.");
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }

    public static TheoryData<string, ModelReply> NotWorthKeeping => new()
    {
        { "cut at its limit", ModelReply.Text("Half of") with { FinishReason = "length" } },
        { "filtered", ModelReply.Text("Half of") with { FinishReason = "content_filter" } },
        { "for an unknown reason", ModelReply.Text("Half of") with { FinishReason = "insufficient_system_resource" } },
        { "empty", ModelReply.Of() },
        { "empty text", ModelReply.Of(new ModelStep.TextDelta("")) },
        { "failed", ModelReply.Refuse(HttpStatusCode.InternalServerError) },
        { "refused", ModelReply.Refuse(HttpStatusCode.BadRequest, code: "context_length_exceeded") },
        { "too long", ModelReply.Text(new string('x', 5000)) },
    };

    [Theory]
    [MemberData(nameof(NotWorthKeeping))]
    public async Task Reply_NotWorthKeeping_IsNotKept(string what, ModelReply reply)
    {
        foreach (var body in (string[])[Body, Stream])
        {
            // A reply is with its caller a moment before its call is over: until then a second one takes part in it.
            Model.Enqueue(reply);
            var first = await Host.AskAsync(body, _user);
            await Host.SettledAsync();
            var second = await Host.AskAsync(body, _user);
            await Host.SettledAsync();

            Assert.True((second.Hit, second.Status) == ("false", HttpStatusCode.OK), what);
            Assert.NotEqual(first.Text, second.Text);
        }
    }

    [Fact]
    public async Task Stream_WithHalvesOfAnEmoji_ReachesItsCallerWholeAndIsNotKept()
    {
        const string sent =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ud83d\"},\"finish_reason\":null}]}\n\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ude00\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        await using var provider = RawModelServer.Start(async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(sent);
            await exchange.EndStreamAsync();
        });
        await using var host = await GatewayHost.StartWithCatalogueAsync(
            $$"""
            groups:
              - name: split
                endpoints:
                  - { base_url: "{{provider.BaseUrl}}", model: m }
            """,
            ("Gateway:Cache:Enabled", "true"), ("Gateway:Cache:Key", "a secret of the tests, long enough for it"));
        using var client = host.Client();

        var replies = new List<(string, string)>();
        foreach (var _ in (int[])[1, 2])
        {
            using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "split", stream = true, messages = new[] { new { role = "user", content = "Hi" } } });
            replies.Add((response.Headers.GetValues("X-Proxy-Cache-Hit").Single(), await response.Content.ReadAsStringAsync()));
        }

        Assert.Equal([("false", sent), ("false", sent)], replies);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("error")]
    public async Task Stream_ThatBrokeOff_IsNotKept(string how)
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), how == "cut" ? new ModelStep.Cut() : new ModelStep.Raw("data: {\"error\":{\"code\":\"overloaded\"}}\n\n")));

        var first = await Host.AskAsync(Stream, _user);
        var second = await Host.AskAsync(Stream, _user);

        Assert.Contains("\"error\"", first.Text, StringComparison.Ordinal);
        Assert.Equal(("false", ModelCallOutcome.Partial), (second.Hit, (await Host.SettledAsync()).Outcome));
        Assert.EndsWith("data: [DONE]\n\n", second.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "temperature":1.0, "messages":[ {"content":"Hi","role":"user"} ], "model":"m" }""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\u0048i"}],"temperature":10e-1}""")]
    [InlineData("""{"model":"other-name","messages":[{"role":"user","content":"Hi"}],"temperature":1,"stream":false}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":1,"cache":{"no-cache":false,"scope":"user"}}""")]
    public async Task Request_SpeltDifferently_IsTheSame(string body)
    {
        await Host.AskAsync(Body, _user);

        Assert.Equal("true", (await Host.AskAsync(body, _user)).Hit);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":1.1}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi "}],"temperature":1}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":1,"a_new_parameter":null}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":"1"}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":1,"stream":true}""")]
    public async Task Request_ThatSaysSomethingElse_IsAnother(string body)
    {
        await Host.AskAsync(Body, _user);

        Assert.Equal("false", (await Host.AskAsync(body, _user)).Hit);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"Hi","role":"system"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[],"user":"a","us\u0065r":"a"}""")]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("/v1/responses", """{"model":"m","input":"Hi","background":true}""")]
    public async Task Request_ThatCannotBeOneOfMany_IsNeverKept(string path, string body)
    {
        await Host.AskAsync(body, _user, path);

        Assert.Equal("false", (await Host.AskAsync(body, _user, path)).Hit);
    }

    [Theory]
    [InlineData("""{"no-cache":true}""", null)]
    [InlineData("{}", "no-cache")]
    public async Task NoCache_OfARequest_AsksAnewAndKeepsTheFreshOne(string control, string? header)
    {
        Model.Enqueue(ModelReply.Text("Old."), ModelReply.Text("New."));
        var body = Body.Replace("\"temperature\":1", $"\"temperature\":1,\"cache\":{control}", StringComparison.Ordinal);
        await Host.AskAsync(Body, _user);

        var fresh = await Host.AskAsync(body, _user, header: header);

        Assert.Equal(("false", true), (fresh.Hit, fresh.Text.Contains("New.", StringComparison.Ordinal)));
        Assert.All(Model.Requests, request => Assert.False(request.Json.TryGetProperty("cache", out _)));
        await Eventually.BecomesTrueAsync(async () => await Host.AskAsync(Body, _user) is { Hit: "true" } kept && kept.Text == fresh.Text, "the fresh one is kept");
    }

    [Theory]
    [InlineData("""{"no-store":true}""", null)]
    [InlineData("null", "max-age=0, no-store")]
    public async Task NoStore_OfARequest_LeavesNothingBehind(string control, string? header)
    {
        var body = Body.Replace("\"temperature\":1", $"\"temperature\":1,\"cache\":{control}", StringComparison.Ordinal);

        await Host.AskAsync(body, _user, header: header);

        Assert.Equal("false", (await Host.AskAsync(Body, _user)).Hit);
        Assert.All(Model.Requests, request => Assert.False(request.Json.TryGetProperty("cache", out _)));
        await Eventually.BecomesTrueAsync(async () => (await Host.AskAsync(body, _user, header: header)).Hit == "true", "it is answered with what another left");
    }

    [Theory]
    [InlineData("5", "cache")]
    [InlineData("""{"no_store":true}""", "cache")]
    [InlineData("""{"no-store":"yes"}""", "cache.no-store")]
    [InlineData("""{"scope":"everybody"}""", "cache.scope")]
    [InlineData("""{"no-store":true,"no-st\u006fre":false}""", "cache.no-store")]
    public async Task Control_ThatCannotBe_IsRefusedByName(string control, string param)
    {
        var reply = await Host.AskAsync($$"""{"model":"m","messages":[],"cache":{{control}}}""", _user);

        var error = JsonElement.Parse(reply.Text).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value", param), (reply.Status, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(Model.Requests);
    }

    [Fact]
    public async Task Caller_WhoLeftInTheMiddle_LeavesNothingToBeReplayed()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Wait(Timeout.InfiniteTimeSpan)));
        using var client = Host.Gateway.Client(_user);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Stream, System.Text.Encoding.UTF8, "application/json") };
        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal("false", CacheReply.Flag(response));
        }

        Assert.Equal(ModelCallOutcome.Aborted, (await Host.SettledAsync()).Outcome);
        var second = await Host.AskAsync(Stream, _user);

        Assert.Equal("false", second.Hit);
        Assert.Contains("Fresh.", second.Text, StringComparison.Ordinal);
    }
}
