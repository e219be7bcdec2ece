using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

public sealed class PerplexityTests : IAsyncLifetime
{
    private ProviderBench? _bench;

    private ProviderBench Bench => _bench!;

    public async Task InitializeAsync() => _bench = await ProviderBench.StartAsync(ModelProvider.OpenAi, "sonar-pro", vendor: Vendors.Perplexity);

    public async Task DisposeAsync() => await Bench.DisposeAsync();

    [Fact]
    public async Task Send_Settings_LeaveOutWhatItRefuses()
    {
        var sent = await Bench.SendAsync("Hi", Samples.Everything);

        Assert.Equal(
            """{"model":"sonar-pro","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"top_p":0.9,"frequency_penalty":0.1,"presence_penalty":0.2,"max_tokens":100}""", sent.Raw);
    }

    [Fact]
    public async Task Stream_Sources_AreToldOnceAtTheEnd()
    {
        const string found = """data: {"id":"1","choices":[{"index":0,"delta":{"content":"Sleep [1]."}}],"search_results":[{"title":"Sleep","url":"https://example.org/a"}],"citations":["https://example.org/a"],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

        var lines = await Bench.StreamAsync(ModelReply.Of(new ModelStep.Raw($"{found}\n\n{found}\n\n")));

        Assert.Equal(["text Sleep [1].", "text Sleep [1].", "sources https://example.org/a", "usage 3 2 cached 0 thought 0", "end stop"], lines);
        Assert.False((await Bench.Server.NextRequestAsync()).Json.TryGetProperty("stream_options", out _));
    }

    [Fact]
    public async Task Complete_Sources_BelongToTheText()
    {
        Bench.Server.Enqueue(ModelReply.Of(new ModelStep.Raw("""
            {"id":"1","model":"sonar-pro","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Sleep [1]."}}],"citations":["https://example.org/a","no address"]}
            """)));

        var response = await Bench.Client.GetResponseAsync("Hi");

        var text = Assert.IsType<TextContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal("https://example.org/a", Assert.IsType<CitationAnnotation>(Assert.Single(text.Annotations!)).Url!.AbsoluteUri);
    }
}
