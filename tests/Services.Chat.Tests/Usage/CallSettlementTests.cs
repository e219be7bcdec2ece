using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Usage;

/// <summary>Each way a call can end is one row, with what it used and what that cost.</summary>
public sealed class CallSettlementTests : IAsyncLifetime
{
    private UsageRig? _rig;

    private UsageRig Rig => _rig!;

    public async Task InitializeAsync() => _rig = await UsageRig.StartAsync();

    public Task DisposeAsync() => Rig.DisposeAsync().AsTask();

    [Theory]
    [Trait("Spec", "HS-080")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_Gpt4o_CostsWhatThePriceTableSays(bool stream)
    {
        Rig.Model.Enqueue(ModelReply.Text("Hello there.") with { PromptTokens = 1000, CompletionTokens = 500, ReasoningTokens = 100 });

        using var response = await Rig.CompleteAsync(stream: stream);

        // 1000 at 0.0025 USD and 500 at 0.01 USD for a thousand.
        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(
            new UsageRow
            {
                RequestId = response.Headers.GetValues("X-Request-Id").Single(),
                PracticeId = Rig.User.PracticeId,
                UserId = Rig.User.UserId,
                Model = "gpt-4o",
                Provider = "openai",
                Endpoint = "east",
                Kind = "chat",
                Streams = stream,
                Outcome = "complete",
                InputTokens = 1000,
                OutputTokens = 500,
                ReasoningTokens = 100,
                CostUsd = 0.0075m,
                Attempts = 1,
            },
            row);
    }

    [Fact]
    public async Task Complete_ByAliasWithCachedInput_IsItsGroupsAndCostsTheCachedPrice()
    {
        Rig.Model.Enqueue(ModelReply.Text("Hello.") with { PromptTokens = 1001, CompletionTokens = 1, CachedTokens = 1000 });

        using var response = await Rig.CompleteAsync("smart");

        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("gpt-4o", 1000L, 0.0012625m), (row.Model, row.CachedInputTokens, row.CostUsd));
    }

    [Fact]
    public async Task Complete_ModelWithoutPrice_IsCountedAndCostsNothing()
    {
        using var response = await Rig.CompleteAsync("free");

        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("free", "complete", 1000L, 0m), (row.Model, row.Outcome, row.InputTokens, row.CostUsd));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("9000000000000000000")]
    public async Task Complete_ReplyThatCountsWhatCannotBe_IsEstimatedFromItsTexts(string count)
    {
        await using var provider = RawModelServer.Start(exchange => exchange.SendJsonAsync(
            $$$"""{"choices":[{"message":{"role":"assistant","content":"{{{new string('x', 4000)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{count}}},"completion_tokens":{{{count}}}}}"""));
        await using var rig = await UsageRig.StartAsync(provider.BaseUrl);

        using var response = await rig.CompleteAsync();
        using var client = rig.Host.CreateClient(rig.User);
        using var translated = await client.PostAsJsonAsync("/v1/responses", new { model = "gpt-4o", input = "Hi", store = false });

        Assert.All(await rig.RowsAsync(2), row => Assert.True(row is { Outcome: "complete", IsEstimated: true, InputTokens: > 0 and < 100, OutputTokens: >= 1000 and < 1100 }, $"{row}"));
    }

    [Fact]
    public async Task Complete_ReplyWithoutUsage_IsEstimatedFromItsTexts()
    {
        await using var provider = RawModelServer.Start(exchange => exchange.SendJsonAsync($$$"""{"choices":[{"message":{"content":"{{{new string('x', 4000)}}}"}}]}"""));
        await using var rig = await UsageRig.StartAsync(provider.BaseUrl);

        using var response = await rig.CompleteAsync();

        var row = Assert.Single(await rig.RowsAsync(1));
        Assert.Equal((true, "complete"), (row.IsEstimated, row.Outcome));
        Assert.InRange(row.OutputTokens, 1000, 1010);
    }

    [Fact]
    public async Task Embed_IsARowOfItsKindAtItsPrice()
    {
        Rig.Model.Embed = request => EmbeddingReply.From(request, _ => [1f, 2f]);
        using var client = Rig.Host.CreateClient(Rig.User);

        using var response = await client.PostAsJsonAsync("/v1/embeddings", new { model = "embedder", input = "hello" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("embeddings", "embedder", row.InputTokens * 0.00000002m), (row.Kind, row.Model, row.CostUsd));
        Assert.True(row.InputTokens > 0);
    }

    [Fact]
    public async Task Caller_LeavesAStream_PaysForWhatHadCome()
    {
        Rig.Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta(new string('x', 4000)), new ModelStep.Wait(Timeout.InfiniteTimeSpan)));
        using var client = Rig.Host.CreateClient(Rig.User);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(UsageRig.Request(stream: true)) };
        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (!(await reader.ReadLineAsync().WaitAsync(Eventually.Timeout))!.Contains("xxxx", StringComparison.Ordinal))
            {
            }
        }

        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("aborted", "caller.gone", true, 1000L), (row.Outcome, row.ErrorCode, row.IsEstimated, row.OutputTokens));
        Assert.Equal((row.InputTokens * 0.0000025m) + 0.01m, row.CostUsd);
    }

    [Fact]
    public async Task Caller_LeavesBeforeTheFirstWord_PaysForTheRequest()
    {
        Rig.Model.Enqueue(ModelReply.Hang());
        using var leaving = new CancellationTokenSource();
        var call = Rig.CompleteAsync(cancellationToken: leaving.Token);
        await Rig.Model.NextRequestAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("aborted", true, 0L), (row.Outcome, row.IsEstimated, row.OutputTokens));
        Assert.Equal(row.InputTokens * 0.0000025m, row.CostUsd);
        Assert.True(row.InputTokens > 0);
    }

    [Fact]
    public async Task Stream_BreaksOff_IsPartialAndBilledSoFar()
    {
        Rig.Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta(new string('x', 400)), new ModelStep.Cut()));

        using var response = await Rig.CompleteAsync(stream: true);

        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("partial", true, 100L), (row.Outcome, row.IsEstimated, row.OutputTokens));
        Assert.Equal((row.InputTokens * 0.0000025m) + 0.001m, row.CostUsd);
    }

    [Fact]
    public async Task Provider_Refuses_IsARowThatCostsNothing()
    {
        Rig.Model.Enqueue(ModelReply.Refuse(HttpStatusCode.BadRequest, "No.", "invalid_request_error"));

        using var response = await Rig.CompleteAsync();

        var row = Assert.Single(await Rig.RowsAsync(1));
        Assert.Equal(("failed", 0L, 0L, 0m), (row.Outcome, row.InputTokens, row.OutputTokens, row.CostUsd));
        Assert.NotNull(row.ErrorCode);
    }

    [Fact]
    public async Task AgentRun_EachRoundIsARowAndTheFrameHasTheirCost()
    {
        Rig.Model.Enqueue(
            ModelReply.ToolCalls(new ModelStep.ToolCall("check_document_readiness", "{}", "call_a")) with { PromptTokens = 1000, CompletionTokens = 100 },
            ModelReply.Text("Done.") with { PromptTokens = 2000, CompletionTokens = 200 });
        await using var socket = await Rig.Host.ConnectAsync(Rig.User, "/ws/s1");

        var run = await socket.AskAsync("hello");

        Assert.Equal("completed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        var rows = await Rig.RowsAsync(2);
        Assert.All(rows, row => Assert.Equal((Rig.User.UserId, "web_assistant", Guid.Parse(run[0].RunId!), "complete"), (row.UserId, row.Persona, row.RunId, row.Outcome)));
        Assert.Equal([0.0035m, 0.007m], rows.Select(row => row.CostUsd));
        Assert.Equal("""{"input_tokens":3000,"output_tokens":300,"cost_usd":0.0105}""", Rounded(run[^1].Json.GetProperty("payload").GetProperty("usage")));
        using var client = Rig.Host.CreateClient(Rig.User);
        var record = await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{run[0].RunId}");
        Assert.Equal(0.0105m, record.GetProperty("usage").GetProperty("costUsd").GetDecimal());
    }

    // 0.0105 and 0.010500 are one number.
    private static string Rounded(JsonElement usage) => usage.GetRawText().Replace(
        usage.GetProperty("cost_usd").GetRawText(), usage.GetProperty("cost_usd").GetDecimal().ToString("0.######", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
