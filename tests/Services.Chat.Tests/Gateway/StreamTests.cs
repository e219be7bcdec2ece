using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway;

public sealed class StreamTests : IAsyncLifetime
{
    private ModelServer? _model;
    private GatewayHost? _host;

    private ModelServer Model => _model!;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _host = await GatewayHost.StartWithCatalogueAsync(
            $$"""groups: [{ name: m, endpoints: [{ name: a, base_url: "{{Model.BaseUrl}}", model: x }] }]""", ("Gateway:KeepAliveSeconds", "0.1"));
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }

    [Fact]
    public async Task Silence_WithinAStream_IsFilledWithComments()
    {
        var gate = new TaskCompletionSource();
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("a"), new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("b")));
        using var client = Host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Request()) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var comments = 0;
        var rest = "";

        while (await reader.ReadLineAsync().WaitAsync(Eventually.Timeout) is { } line)
        {
            rest = line.Length > 0 ? line : rest;

            if (line == ": keep-alive" && ++comments == 2)
            {
                gate.SetResult();
            }
        }

        Assert.True(comments >= 2);
        Assert.Equal("data: [DONE]", rest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_OfAStream_IsSettledAndShownToWhoAskedForIt(bool asked)
    {
        Model.Enqueue(ModelReply.Text("Hello there.") with { PromptTokens = 30, CompletionTokens = 4, CachedTokens = 10 });
        using var client = Host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", Request(asked));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(asked, text.Contains("\"prompt_tokens\":30", StringComparison.Ordinal));
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.True((await Model.NextRequestAsync()).WantsUsage);
        var settled = await Host.Settled.NextAsync();
        Assert.Equal((ModelCallOutcome.Complete, new TokenUsage(30, 4, 10)), (settled.Outcome, settled.Usage));
        Assert.NotNull(settled.FirstToken);
    }

    [Fact]
    public async Task Caller_LeavesAStream_EndsTheProvidersCallAndIsBilledSoFar()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("four letters and more"), new ModelStep.Wait(Timeout.InfiniteTimeSpan)));
        using var client = Host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Request()) };
        var sent = Model.NextRequestAsync();
        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (!(await reader.ReadLineAsync().WaitAsync(Eventually.Timeout))!.Contains("four letters", StringComparison.Ordinal))
            {
            }
        }

        var settled = await Host.Settled.NextAsync();

        Assert.False(await (await sent).Ended.WaitAsync(Eventually.Timeout));
        Assert.Equal((ModelCallOutcome.Aborted, "caller.gone"), (settled.Outcome, settled.ErrorCode));
        Assert.Equal((true, 6L), (settled.Usage.IsEstimated, settled.Usage.Output));
        var stats = await Host.StatsAsync("a");
        Assert.Equal(("available", 0L), (stats.GetProperty("state").GetString(), stats.GetProperty("failures").GetInt64()));
    }

    [Fact]
    public async Task LongReply_NotStreamed_PassesWholeWithItsUsage()
    {
        var text = new string('x', 1_500_000);
        Model.Enqueue(ModelReply.Text(text) with { PromptTokens = 5, CompletionTokens = 6 });
        using var client = Host.Client();

        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "m", messages = new[] { new { role = "user", content = "Hi" } } });
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(text, body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(new TokenUsage(5, 6), (await Host.Settled.NextAsync()).Usage);
    }

    [Fact]
    public async Task LongReply_StillOnItsWay_IsPassedOnAlready()
    {
        const int half = 128 * 1024;
        var gate = new TaskCompletionSource();
        var body = $$"""{"choices":[{"index":0,"message":{"role":"assistant","content":"{{new string('x', 2 * half)}}"},"finish_reason":"stop"}]}""";
        await using var model = RawModelServer.Start(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body[..half]}");
            await gate.Task.WaitAsync(Eventually.Timeout);
            await exchange.SendAsync(body[half..]);
        });
        await using var host = await GatewayHost.StartWithCatalogueAsync($$"""groups: [{ name: m, endpoints: [{ base_url: "{{model.BaseUrl}}", model: x }] }]""");
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(new { model = "m", messages = Array.Empty<object>() }) };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var first = new byte[half / 2];
        await stream.ReadExactlyAsync(first).AsTask().WaitAsync(Eventually.Timeout);
        gate.SetResult();
        using var rest = new StreamReader(stream);

        Assert.Equal(body, Encoding.UTF8.GetString(first) + await rest.ReadToEndAsync().WaitAsync(Eventually.Timeout));
    }

    private static object Request(bool usage = false) => usage
        ? new { model = "m", messages = new[] { new { role = "user", content = "Hi" } }, stream = true, stream_options = new { include_usage = true } }
        : new { model = "m", messages = new[] { new { role = "user", content = "Hi" } }, stream = true };
}
