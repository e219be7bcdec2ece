using System.Net;
using System.Net.Sockets;
using System.Text;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Gateway.Caching;

/// <summary>What a repeated request gets: the same bytes, in the same pieces, and no endpoint is asked.</summary>
public sealed class ReplayTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Stream = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}""";

    // Reasoning, text, a tool call in pieces, a reason to end, the usage.
    private static readonly string[] Events =
    [
        """data: {"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"Hm."},"finish_reason":null}]}""",
        """data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Grüße "},"finish_reason":null}]}""",
        """data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"look","arguments":""}}]},"finish_reason":null}]}""",
        """data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]},"finish_reason":null}]}""",
        """data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":null}]}""",
        """data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
        """data: {"id":"c1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}}""",
        "data: [DONE]",
    ];

    private readonly TestToken _user = new();

    [Fact]
    [Trait("Spec", "T003-004")]
    [Trait("Spec", "LP-006")]
    [Trait("Spec", "LP-020")]
    public async Task Repeat_SameRequest_IsAnsweredWithTheSameAndNobodyIsAsked()
    {
        await using var model = await ModelServer.StartAsync();
        model.Enqueue(ModelReply.Text("Hello there.") with { PromptTokens = 30, CompletionTokens = 4 });
        await using var host = await CacheHost.StartAsync(model.BaseUrl);

        var first = await host.AskAsync(Chat, _user);
        var asked = await host.SettledAsync();
        var second = await host.AskAsync(Chat, _user);
        var kept = await host.SettledAsync();

        Assert.Equal((HttpStatusCode.OK, "false"), (first.Status, first.Hit));
        Assert.Equal((HttpStatusCode.OK, "true", first.Text), (second.Status, second.Hit, second.Text));
        Assert.Single(model.Requests);
        Assert.Equal((ModelCallOutcome.Complete, new TokenUsage(30, 4)), (asked.Outcome, asked.Usage));
        Assert.Equal((ModelCallOutcome.Cached, TokenUsage.None, null, 0, null), (kept.Outcome, kept.Usage, kept.Endpoint?.Name, kept.Attempts, kept.ErrorCode));
    }

    [Fact]
    public async Task Repeat_AtTheServiceItself_IsAnsweredFromTheCache()
    {
        await using var model = await ModelServer.StartAsync();
        model.Enqueue(ModelReply.Text("Hello there."));
        await using var chat = await ChatHost.StartAsync(settings: new()
        {
            ["Gateway:Cache:Enabled"] = "true",
            ["Gateway:Cache:ReadMilliseconds"] = "5000",
            ["Models:OpenAi:BaseUrl"] = model.BaseUrl,
            ["Models:OpenAi:ApiKey"] = "key",
            ["Models:OpenAi:Model"] = "m",
        });
        using var client = chat.CreateClient(_user);
        var hits = new List<string>();

        await Eventually.BecomesTrueAsync(() => chat.Services.GetRequiredService<CacheClearing>().Hears, "the service hears of clearings");
        for (var call = 0; call < 2; call++)
        {
            using var content = new StringContent(Chat, Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
            hits.Add(CacheReply.Flag(response));
        }

        Assert.Equal(["false", "true"], hits);
        Assert.Single(model.Requests);
    }

    [Fact]
    [Trait("Spec", "T003-006")]
    [Trait("Spec", "LP-007")]
    public async Task Repeat_SameStream_HasTheSameBytesInTheSameChunks()
    {
        using var seen = new SemaphoreSlim(0);
        await using var model = Streaming(Events, seen);
        await using var host = await CacheHost.StartAsync(model.BaseUrl);

        var first = await RawAsync(host.Gateway, "/v1/chat/completions", Stream, _user, seen);
        var second = await RawAsync(host.Gateway, "/v1/chat/completions", Stream, _user);
        var replica = await host.StartReplicaAsync();
        var elsewhere = "";
        await Eventually.BecomesTrueAsync(
            async () => (elsewhere = await RawAsync(replica, "/v1/chat/completions", Stream, _user)).Contains("X-Proxy-Cache-Hit: true", StringComparison.Ordinal),
            "the other replica has it from Redis");

        Assert.Equal(Chunks(first), Chunks(second));
        Assert.Equal(Chunks(first), Chunks(elsewhere));
        Assert.Equal([.. Events.Select(sent => $"{sent}\n\n"), ""], Chunks(first));
        Assert.Equal(("false", "true"), (HitOf(first), HitOf(second)));
    }

    [Theory]
    [InlineData(true, "chat")]
    [InlineData(true, "responses")]
    [InlineData(false, "chat")]
    [InlineData(false, "responses")]
    [Trait("Spec", "T003-013")]
    public async Task Repeat_SameResponse_IsAnsweredFromTheCache(bool stream, string wire)
    {
        await using var model = await ModelServer.StartAsync();
        model.Enqueue(ModelReply.Text("One two three."));
        await using var host = await CacheHost.StartWithAsync(
            $$"""groups: [{ name: m, endpoints: [{ base_url: "{{model.BaseUrl}}", model: x, api: {{(wire == "chat" ? "chat_completions" : "responses")}} }] }]""");
        var body = $$"""{"model":"m","input":"Say {{Guid.CreateVersion7()}}","stream":{{(stream ? "true" : "false")}}}""";

        var first = await host.AskAsync(body, _user, "/v1/responses");
        var second = await host.AskAsync(body, _user, "/v1/responses");

        Assert.Equal((HttpStatusCode.OK, "false"), (first.Status, first.Hit));
        Assert.Equal(("true", first.Text), (second.Hit, second.Text));
        Assert.Contains(stream ? "response.completed" : "\"completed\"", second.Text, StringComparison.Ordinal);
        Assert.Single(model.Requests);
    }

    [Fact]
    [Trait("Spec", "LP-013")]
    public async Task Repeat_SameEmbeddings_AreAnsweredFromTheCache()
    {
        await using var model = await ModelServer.StartAsync();
        model.Embed = request => EmbeddingReply.From(request, text => [text.Length, 0.5f]);
        await using var host = await CacheHost.StartAsync(model.BaseUrl);

        var first = await host.AskAsync("""{"model":"m","input":["a","bb"]}""", _user, "/v1/embeddings");
        var second = await host.AskAsync("""{ "input": ["a", "bb"], "model": "m" }""", _user, "/embeddings");

        Assert.Equal(("false", "true", first.Text), (first.Hit, second.Hit, second.Text));
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task Comments_ThatFilledASilence_AreNotPlayedAgain()
    {
        var gate = new TaskCompletionSource();
        await using var model = await ModelServer.StartAsync();
        model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("a"), new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("b")));
        await using var host = await CacheHost.StartAsync(model.BaseUrl, settings: ("Gateway:KeepAliveSeconds", "0.05"));

        var asking = host.AskAsync(Stream, _user);
        await model.NextRequestAsync();
        using var watcher = host.Gateway.Client(_user);
        using var follower = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Stream, Encoding.UTF8, "application/json") };
        using var live = await watcher.SendAsync(follower, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await live.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync().WaitAsync(Eventually.Timeout) != ": keep-alive")
        {
        }

        gate.SetResult();
        var first = await asking;

        // At once, so that some come before it is in the cache and get it from the call itself.
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.AskAsync(Stream, _user)));

        Assert.All(others, other => Assert.Equal(("true", first.Text.Replace(": keep-alive\n\n", "", StringComparison.Ordinal)), (other.Hit, other.Text)));
        Assert.Contains(": keep-alive", first.Text, StringComparison.Ordinal);
    }

    /// <param name="seen">The next event is sent when the caller has the last one, so that each comes by itself.</param>
    private static RawModelServer Streaming(IEnumerable<string> events, SemaphoreSlim seen) => RawModelServer.Start(async exchange =>
    {
        await exchange.BeginStreamAsync();

        foreach (var sent in events)
        {
            await exchange.SendChunkAsync($"{sent}\n\n");
            await seen.WaitAsync(Eventually.Timeout);
        }

        await exchange.EndStreamAsync();
    });

    /// <summary>The whole reply as it stands on the wire, chunk sizes included.</summary>
    private static async Task<string> RawAsync(GatewayHost host, string path, string body, TestToken user, SemaphoreSlim? seen = null)
    {
        var address = new Uri(host.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        var bytes = Encoding.UTF8.GetBytes(body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer {host.TokenOf(user)}\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n\r\n"));
        await stream.WriteAsync(bytes);
        using var reply = new MemoryStream();
        var (buffer, events) = (new byte[4096], 0);

        while (await stream.ReadAsync(buffer).AsTask().WaitAsync(Eventually.Timeout) is var count and > 0)
        {
            reply.Write(buffer.AsSpan(0, count));

            for (var whole = Encoding.UTF8.GetString(reply.ToArray()).Split("\n\n\r\n").Length - 1; events < whole; events++)
            {
                seen?.Release();
            }
        }

        return Encoding.UTF8.GetString(reply.ToArray());
    }

    private static string HitOf(string reply) => reply.Split("X-Proxy-Cache-Hit: ", 2)[1].Split("\r\n", 2)[0];

    // 8\r\ndata: 1\n\r\n0\r\n\r\n
    private static List<string> Chunks(string reply)
    {
        var rest = Encoding.UTF8.GetBytes(reply.Split("\r\n\r\n", 2)[1]).AsSpan();
        var chunks = new List<string>();

        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf("\r\n"u8);
            var length = Convert.ToInt32(Encoding.ASCII.GetString(rest[..end]), 16);
            chunks.Add(Encoding.UTF8.GetString(rest.Slice(end + 2, length)));
            rest = rest[(end + 2 + length + 2)..];
        }

        return chunks;
    }
}
