using System.Text.Json;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Capture;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

/// <summary>A provider's client against a scripted server that speaks that provider's wire.</summary>
internal sealed class ProviderBench : IAsyncDisposable
{
    public const string Key = "secret-key";

    private readonly ModelConnections _connections = new();

    private ProviderBench(ModelServer server, ModelEndpoint endpoint)
    {
        Server = server;
        Client = ClientOf(_connections, endpoint);
    }

    public ModelServer Server { get; }

    public IChatClient Client { get; }

    public static IChatClient ClientOf(ModelConnections connections, ModelEndpoint endpoint) =>
        new ProviderClients(connections, new(Options.Create(new CaptureOptions()), NullLogger<ContentCapture>.Instance), TimeProvider.System).Of(endpoint);

    public static async Task<ProviderBench> StartAsync(
        string provider, string model = "test-model", EndpointApi api = EndpointApi.ChatCompletions, Vendor? vendor = null, bool reasons = false, int timeoutSeconds = 30)
    {
        var server = await ModelServer.StartAsync(Key);
        vendor ??= Vendors.Other;
        return new(server, new()
        {
            Id = "bench",
            Name = "bench",
            Provider = provider,
            Api = api,
            Vendor = vendor,
            BaseUrl = new(provider switch { ModelProvider.Gemini => server.GeminiUrl, ModelProvider.ClaudeCode => server.ClaudeCodeUrl, _ => server.BaseUrl }),
            Key = new(Key),
            ModelId = model,
            Timeouts = new() { Total = TimeSpan.FromSeconds(timeoutSeconds) },
            Parameters = reasons ? vendor.Parameters.With(vendor.ReasoningParameters) : vendor.Parameters,
        });
    }

    /// <returns>What the server was asked.</returns>
    public async Task<ModelRequest> SendAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        Server.Enqueue(ModelReply.Text("Fine."));
        var response = await Client.GetResponseAsync(messages, options);
        Assert.Equal("Fine.", response.Text);
        return await Server.NextRequestAsync();
    }

    public Task<ModelRequest> SendAsync(string text, ChatOptions? options = null) => SendAsync([new(ChatRole.User, text)], options);

    /// <returns>Each content of the stream as a line, in order.</returns>
    public async Task<IReadOnlyList<string>> StreamAsync(ModelReply reply, ChatOptions? options = null)
    {
        Server.Enqueue(reply);
        var lines = new List<string>();
        ChatFinishReason? reason = null;

        await foreach (var update in Client.GetStreamingResponseAsync("Hi", options))
        {
            lines.AddRange(update.Contents.Select(Line));
            reason = update.FinishReason ?? reason;
        }

        return [.. lines.Where(line => line.Length > 0), $"end {reason}"];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _connections.Dispose();
        await Server.DisposeAsync();
    }

    private static string Line(AIContent content) => content switch
    {
        TextReasoningContent { Text.Length: > 0 } thought => $"thought {thought.Text}",
        TextReasoningContent { ProtectedData.Length: > 0 } thought => $"signature {thought.ProtectedData}",
        TextReasoningContent => "",
        TextContent { Annotations.Count: > 0 } text => $"sources {string.Join(' ', text.Annotations!.OfType<CitationAnnotation>().Select(source => source.Url))}",
        TextContent { Text.Length: > 0 } text => $"text {text.Text}",
        TextContent => "",
        ToolCallDelta piece => $"piece {piece.CallId} {piece.Name} {piece.Arguments}",
        FunctionCallContent call => $"call {call.CallId} {call.Name} {JsonSerializer.Serialize(call.Arguments)}",
        WebSearchToolCallContent search => $"search {string.Join(' ', search.Queries ?? [])}",
        UsageContent { Details: var usage } => $"usage {usage.InputTokenCount} {usage.OutputTokenCount} cached {usage.CachedInputTokenCount ?? 0} thought {usage.ReasoningTokenCount ?? 0}",
        _ => content.GetType().Name,
    };
}
