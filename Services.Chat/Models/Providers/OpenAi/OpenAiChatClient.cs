using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;
using OpenAI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>
/// Any OpenAI-compatible server through the official SDK, as an <see cref="IChatClient"/>. Failures come out as
/// DomainException provider.*; a call is sent once and lasts at most the endpoint's timeout, its stream included.
/// </summary>
internal sealed class OpenAiChatClient : IChatClient
{
    // What a server without keys gets to see; the SDK insists on sending one.
    private const string NoKey = "none";

    private readonly ModelEndpoint _endpoint;
    private readonly OpenAI.Chat.ChatClient _client;
    private readonly ChatClientMetadata _metadata;

    public OpenAiChatClient(ModelEndpoint endpoint, HttpClient http)
    {
        _endpoint = endpoint;
        _metadata = new(ModelProvider.OpenAi, endpoint.BaseUrl, endpoint.ModelId);
        _client = new(endpoint.ModelId, new ApiKeyCredential(endpoint.Key?.Reveal() ?? NoKey), new OpenAIClientOptions
        {
            Endpoint = endpoint.BaseUrl,
            Transport = new HttpClientPipelineTransport(http),

            // Repeating is the router's to decide: two layers that repeat multiply.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = endpoint.Timeouts.Total,

            // The SDK's own logging can hold bodies and headers.
            ClientLoggingOptions = new() { EnableLogging = false },
        });
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var limit = Limit(cancellationToken);

        try
        {
            var completion = await _client.CompleteChatAsync(OpenAiMessages.Of(messages, options), OpenAiOptions.Of(options), limit.Token);
            return OpenAiReplies.ToResponse(completion.Value);
        }
        catch (Exception exception) when (ProviderErrors.Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var limit = Limit(cancellationToken);
        var calls = new ToolCallAssembly();
        var stream = _client.CompleteChatStreamingAsync(OpenAiMessages.Of(messages, options), OpenAiOptions.Of(options), limit.Token);
        await using var chunks = stream.GetAsyncEnumerator(limit.Token);
        var started = false;
        ChatResponseUpdate? last = null;

        while (await NextAsync(chunks, started, cancellationToken))
        {
            started = true;
            var chunk = chunks.Current;
            calls.Add(chunk.ToolCallUpdates);
            var update = OpenAiReplies.ToUpdate(chunk);

            // A call is whole when the model says why it stopped.
            if (update.FinishReason is not null)
            {
                update.Contents = [.. update.Contents, .. calls.Take()];
                last = update;
            }

            yield return update;
        }

        if (last is null)
        {
            throw ProviderErrors.BrokenStream(null);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(_client) ? _client
        : null;

    public void Dispose()
    {
    }

    private static async ValueTask<bool> NextAsync(
        IAsyncEnumerator<OpenAI.Chat.StreamingChatCompletionUpdate> chunks, bool started, CancellationToken cancellationToken)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (Exception exception) when (started && exception is HttpRequestException or IOException)
        {
            throw ProviderErrors.BrokenStream(exception);
        }
        catch (Exception exception) when (ProviderErrors.Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_endpoint.Timeouts.Total);
        return limit;
    }
}
