using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Faults;

/// <summary>
/// A provider that does what providers do on a bad day. For each fault: the right answer within the endpoint's timeouts, the right
/// cooldown, one settlement with the right outcome, no connection left behind, and the next request served.
/// </summary>
public sealed class FaultMatrixTests
{
    private const string Event = "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n";
    private const string Whole = """{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";

    private static readonly Dictionary<string, Func<RawExchange, Task>> Scripts = new()
    {
        ["closes"] = _ => Task.CompletedTask,
        ["hangs before headers"] = exchange => exchange.HangAsync(),
        ["half a header"] = exchange => exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Ty"),
        ["no http"] = exchange => exchange.SendAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        ["huge headers"] = async exchange => await exchange.SendAsync($"HTTP/1.1 200 OK\r\nX-Padding: {new string('x', 100_000)}\r\nContent-Length: 2\r\n\r\n{{}}"),
        ["bad json"] = exchange => exchange.SendJsonAsync("""{"id":"c1","choices":[}"""),
        ["no json"] = exchange => exchange.SendJsonAsync("Hello"),
        ["empty body"] = exchange => exchange.SendJsonAsync(""),
        ["body cut short"] = exchange => exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{Whole[..80]}"),
        ["wrong content type"] = exchange => exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"),
        ["status 500"] = exchange => exchange.SendAsync("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ["status 503"] = exchange => exchange.SendAsync("HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ["status 408"] = exchange => exchange.SendAsync("HTTP/1.1 408 Slow\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ["status 401"] = exchange => exchange.SendAsync("HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        ["slow body"] = async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
            await TrickleAsync(exchange, " ");
        },
        ["stream: garbage"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync("<html>\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: bad json"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync("data: {\"id\":\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: no text where one is"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync("data: {\"type\":5,\"choices\":[]}\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: ends within one of two choices"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(Event);
            await exchange.SendChunkAsync("data: {\"id\":\"c1\",\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: json instead"] = exchange => exchange.SendJsonAsync(Whole),
        ["stream: error first"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync("data: {\"error\":{\"message\":\"sk-secret is over\",\"code\":null}}\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: hangs after headers"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.HangAsync();
        },
        ["stream: ends at once"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.EndStreamAsync();
        },
        ["stream: hangs midway"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(Event + "data: {\"half");
            await exchange.HangAsync();
        },
        ["stream: garbage midway"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(Event + "oops\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: error midway"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(Event + "data: {\"error\":{\"message\":\"sk-secret is over\"}}\n\n");
            await exchange.EndStreamAsync();
        },
        ["stream: ends without a reason"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(Event);
            await exchange.EndStreamAsync();
        },
        ["stream: trickles"] = async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(Event);
            await TrickleAsync(exchange, "1\r\n:\r\n");
        },
    };

    [Theory]
    [InlineData("closes", 503, "provider.unreachable", true)]
    [InlineData("hangs before headers", 504, "provider.timeout", true)]
    [InlineData("half a header", 503, "provider.unreachable", true)]
    [InlineData("no http", 503, "provider.unreachable", true)]
    [InlineData("huge headers", 503, "provider.unreachable", true)]
    [InlineData("bad json", 502, "provider.unreadable_reply", true)]
    [InlineData("no json", 502, "provider.unreadable_reply", true)]
    [InlineData("empty body", 502, "provider.unreadable_reply", true)]
    [InlineData("body cut short", 503, "provider.unreachable", true)]
    [InlineData("wrong content type", 502, "provider.unreadable_reply", true)]
    [InlineData("status 500", 502, "provider.error", true)]
    [InlineData("status 503", 503, "provider.overloaded", true)]
    [InlineData("status 408", 504, "provider.request_timeout", false)]
    [InlineData("status 401", 502, "provider.refused", false)]
    [InlineData("slow body", 504, "provider.timeout", true)]
    [InlineData("stream: garbage", 502, "provider.unreadable_reply", true)]
    [InlineData("stream: bad json", 502, "provider.unreadable_reply", true)]
    [InlineData("stream: no text where one is", 502, "provider.unreadable_reply", true)]
    [InlineData("stream: json instead", 502, "provider.unreadable_reply", true)]
    [InlineData("stream: error first", 502, "provider.error", true)]
    [InlineData("stream: hangs after headers", 504, "provider.timeout", true)]
    [InlineData("stream: ends at once", 502, "provider.stream_broken", true)]
    public async Task Fault_BeforeTheReply_IsToldCooledAndSettled(string fault, int status, string code, bool cools)
    {
        await using var provider = RawModelServer.Start(Scripts[fault]);
        await using var host = await StartAsync(provider.BaseUrl, fault);
        using var client = host.Client();

        using var response = await AskAsync(client, "faulty", fault);

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
        Assert.DoesNotContain("sk-secret", error.GetRawText(), StringComparison.Ordinal);
        await AssertOverAsync(host, provider, client, ModelCallOutcome.Failed, code, cools);
    }

    [Theory]
    [InlineData("stream: hangs midway", "provider.timeout")]
    [InlineData("stream: garbage midway", "provider.unreadable_reply")]
    [InlineData("stream: error midway", "provider.error")]
    [InlineData("stream: ends without a reason", "provider.stream_broken")]
    [InlineData("stream: ends within one of two choices", "provider.stream_broken")]
    [InlineData("stream: trickles", "provider.timeout")]
    public async Task Fault_WithinTheStream_EndsItWithAnErrorEvent(string fault, string code)
    {
        await using var provider = RawModelServer.Start(Scripts[fault]);
        await using var host = await StartAsync(provider.BaseUrl, fault);
        using var client = host.Client();

        using var response = await AskAsync(client, "pair", fault);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(Event, text, StringComparison.Ordinal);
        Assert.Equal(code, ErrorOf(text));
        Assert.DoesNotContain("sk-secret", text, StringComparison.Ordinal);
        await AssertOverAsync(host, provider, client, ModelCallOutcome.Partial, code, cools: true, endpoint: "bad-too");
    }

    [Fact]
    public async Task Refused_NobodyListens_IsUnreachable()
    {
        await using var host = await StartAsync($"http://127.0.0.1:{FreePort.Next()}/v1");
        using var client = host.Client();

        using var response = await AskAsync(client, "faulty", "closes");

        var settled = await host.Settled.NextAsync();
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, ModelCallOutcome.Failed, "provider.unreachable", TokenUsage.None),
            (response.StatusCode, settled.Outcome, settled.ErrorCode, settled.Usage));
        var stats = await host.StatsAsync("bad");
        Assert.Equal(("cooling", 0), (stats.GetProperty("state").GetString(), stats.GetProperty("in_flight").GetInt32()));
        using var next = await AskAsync(client, "pair", "closes");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Stream_CutAtEveryByte_IsWholeEventsAndThenAnError()
    {
        const string body = Event + "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\ndata: [DONE]\n\n";
        var at = 0;
        await using var provider = RawModelServer.Start(async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendChunkAsync(body[..at]);
        });
        await using var host = await StartAsync(provider.BaseUrl, cooldown: "0s");
        using var client = host.Client();
        var finished = body.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;

        for (at = 0; at < body.Length; at++)
        {
            using var response = await AskAsync(client, "faulty", "stream:");
            var text = await response.Content.ReadAsStringAsync();
            var settled = await host.Settled.NextAsync();

            if (at < Event.Length)
            {
                Assert.Equal((HttpStatusCode.ServiceUnavailable, ModelCallOutcome.Failed), (response.StatusCode, settled.Outcome));
                continue;
            }

            var whole = body[..(at < finished ? Event.Length : finished)];
            Assert.StartsWith(whole, text, StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.OK, ModelCallOutcome.Partial, "provider.stream_broken"), (response.StatusCode, settled.Outcome, ErrorOf(text[whole.Length..])));
            Assert.Equal((true, 1L), (settled.Usage.IsEstimated, settled.Usage.Output));
        }

        await Eventually.BecomesTrueAsync(() => provider.Open == 0, "every connection is closed");
    }

    [Fact]
    public async Task Continue_BeforeTheReply_IsNoReply()
    {
        await using var provider = RawModelServer.Start(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await exchange.SendJsonAsync(Whole);
        });
        await using var host = await StartAsync(provider.BaseUrl);
        using var client = host.Client();

        using var response = await AskAsync(client, "faulty", "whole");

        Assert.Equal(Whole, await response.Content.ReadAsStringAsync());
        Assert.Equal((ModelCallOutcome.Complete, new TokenUsage(3, 1)), await OutcomeAsync(host));
    }

    [Fact]
    public async Task Storm_Of429_ReachesEveryCallerAndCoolsNobody()
    {
        const string words = """{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""";
        var isOver = false;
        await using var provider = RawModelServer.Start(exchange => Volatile.Read(ref isOver)
            ? exchange.SendJsonAsync(Whole)
            : exchange.SendAsync($"HTTP/1.1 429 Slow down\r\nContent-Type: application/json\r\nContent-Length: {words.Length}\r\nConnection: close\r\n\r\n{words}"));
        await using var host = await StartAsync(provider.BaseUrl);
        using var client = host.Client();

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AskAsync(client, "faulty", "whole")));
        Volatile.Write(ref isOver, true);
        using var after = await AskAsync(client, "faulty", "whole");

        foreach (var response in responses)
        {
            using (response)
            {
                Assert.Equal((HttpStatusCode.TooManyRequests, words), (response.StatusCode, await response.Content.ReadAsStringAsync()));
            }
        }

        Assert.Equal((HttpStatusCode.OK, "available"), (after.StatusCode, (await host.StatsAsync("bad")).GetProperty("state").GetString()));
        var settled = new List<(ModelCallOutcome, string?, TokenUsage)>();
        while (settled.Count <= responses.Length)
        {
            var call = await host.Settled.NextAsync();
            settled.Add((call.Outcome, call.ErrorCode, call.Usage));
        }

        Assert.Equal(
            [(ModelCallOutcome.Complete, null, new TokenUsage(3, 1)), .. Enumerable.Repeat((ModelCallOutcome.Failed, (string?)"provider.rate_limited", TokenUsage.None), responses.Length)],
            settled.OrderBy(call => call.Item1));
        Assert.Equal(0, (await host.StatsAsync("bad")).GetProperty("in_flight").GetInt32());
    }

    /// <summary>The one timeout that a fault is to run into; the others are far away, and all of them for a provider that does not hang.</summary>
    private static string TimeoutOf(string fault) => fault switch
    {
        "hangs before headers" or "stream: hangs after headers" => "first_byte: 700ms",
        "stream: hangs midway" => "idle: 700ms",
        "slow body" or "stream: trickles" => "total: 3s",
        _ => "total: 2m",
    };

    private static Task<GatewayHost> StartAsync(string faulty, string fault = "", string cooldown = "60s") => GatewayHost.StartWithCatalogueAsync($$"""
        groups:
          - name: faulty
            cooldown: {{cooldown}}
            endpoints:
              - { name: bad, base_url: "{{faulty}}", model: m, timeouts: { {{TimeoutOf(fault)}} } }
          - name: pair
            endpoints:
              - { name: bad-too, base_url: "{{faulty}}", model: m, timeouts: { {{TimeoutOf(fault)}} } }
              - { name: good, provider: local, weight: 0 }
        """);

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string model, string fault) => client.PostAsJsonAsync(
        "/v1/chat/completions",
        new { model, messages = new[] { new { role = "user", content = "Hi" } }, stream = fault.StartsWith("stream:", StringComparison.Ordinal) });

    private static async Task AssertOverAsync(GatewayHost host, RawModelServer provider, HttpClient client, ModelCallOutcome outcome, string code, bool cools, string endpoint = "bad")
    {
        var settled = await host.Settled.NextAsync();

        // Once anything of a reply is with the caller, the fallback that "pair" has is not asked.
        Assert.Equal((outcome, code, endpoint, 1), (settled.Outcome, settled.ErrorCode, settled.Endpoint?.Name, settled.Attempts));
        Assert.False(host.Settled.HasMore);

        var stats = await host.StatsAsync(endpoint);
        Assert.Equal(
            (cools ? "cooling" : "available", 0, 1L, 0L),
            (stats.GetProperty("state").GetString(), stats.GetProperty("in_flight").GetInt32(), stats.GetProperty("failures").GetInt64(), stats.GetProperty("successes").GetInt64()));
        await Eventually.BecomesTrueAsync(() => provider.Open == 0, "every connection to the provider is closed");

        using var next = await AskAsync(client, cools ? "pair" : "local", "whole");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    private static async Task<(ModelCallOutcome, TokenUsage)> OutcomeAsync(GatewayHost host)
    {
        var settled = await host.Settled.NextAsync();
        return (settled.Outcome, settled.Usage);
    }

    private static string? ErrorOf(string text)
    {
        var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonElement.Parse(last["data: ".Length..]).GetProperty("error").GetProperty("code").GetString();
    }

    // Until the client has had enough of it.
    private static async Task TrickleAsync(RawExchange exchange, string piece)
    {
        while (true)
        {
            await exchange.SendAsync(piece);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
