using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Catalogue.Reading;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Models.Forwarding;

public sealed class KeyCheckTests
{
    [Fact]
    [Trait("Spec", "HS-079")]
    public async Task Start_KeysOfEveryKind_SaysWhatIsWrongAndNoKey()
    {
        await using var server = await ModelServer.StartAsync("right-key");
        var catalogue = new ModelCatalogue(CatalogueReader.Read(
            "models.yaml",
            $$"""
            groups:
              - name: m
                endpoints:
                  - { name: good, base_url: "{{server.BaseUrl}}", key: right-key, model: x }
                  - { name: bad, base_url: "{{server.BaseUrl}}", key: sk-wrong-key, model: x }
                  - { name: anthropic, provider: anthropic, base_url: "{{server.BaseUrl}}", key: right-key, model: x }
                  - { name: bad-anthropic, provider: anthropic, base_url: "{{server.BaseUrl}}", key: sk-ant-wrong-key, model: x }
                  - { name: gemini, provider: gemini, base_url: "{{server.GeminiUrl}}", key: right-key, model: x }
                  - { name: bad-gemini, provider: gemini, base_url: "{{server.GeminiUrl}}", key: AIza-wrong-key, model: x }
                  - { name: gone, base_url: "http://127.0.0.1:{{FreePort.Next()}}/v1", key: right-key, model: x }
            """,
            _ => null));
        using var connections = new ModelConnections();
        var log = new LogLines();
        using var check = new KeyCheck(catalogue, connections, log);

        await check.StartAsync(default);
        await check.ExecuteTask!.WaitAsync(Eventually.Timeout);

        Assert.Equal(
            [
                "The key of model endpoint good is taken by 127.0.0.1.",
                "The key of model endpoint bad is refused by 127.0.0.1 with status 401: calls to it will fail until it is replaced.",
                "The key of model endpoint anthropic is taken by 127.0.0.1.",
                "The key of model endpoint bad-anthropic is refused by 127.0.0.1 with status 401: calls to it will fail until it is replaced.",
                "The key of model endpoint gemini is taken by 127.0.0.1.",
                "The key of model endpoint bad-gemini is refused by 127.0.0.1 with status 400: calls to it will fail until it is replaced.",
                "Whether the key of model endpoint gone is taken by 127.0.0.1 could not be found out: no answer.",
            ],
            log.Lines);
    }

    [Fact]
    public void Address_OfAzure_IsItsDeploymentsWithTheKeyInItsOwnHeader()
    {
        var endpoint = CatalogueReader.Read(
            "models.yaml", "groups: [{ name: m, endpoints: [{ base_url: 'https://mine.openai.azure.com', key: azure-key, model: four o }] }]", _ => null).Default.Endpoints[0];
        using var request = new HttpRequestMessage();

        EndpointAddress.Of(endpoint).Authorize(request);

        Assert.Equal(
            "https://mine.openai.azure.com/openai/deployments/four%20o/chat/completions?api-version=2024-10-21", EndpointAddress.Of(endpoint).For(ModelCallKind.Chat).AbsoluteUri);
        Assert.Equal("azure-key", request.Headers.GetValues("api-key").Single());
        Assert.Null(request.Headers.Authorization);
    }

    private sealed class LogLines : ILogger<KeyCheck>
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));
    }
}
