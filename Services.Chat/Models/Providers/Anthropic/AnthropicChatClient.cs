using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;
using ClientOptions = Anthropic.Core.ClientOptions;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>Anthropic's models through Anthropic's SDK and its own adapter; ours adds the rules of the wire that the adapter leaves to callers.</summary>
internal sealed class AnthropicChatClient : ProviderChatClient
{
    private readonly AnthropicModel _model;
    private readonly IChatClient _client;

    public AnthropicChatClient(ModelEndpoint endpoint, HttpClient http)
        : base(endpoint)
    {
        _model = AnthropicModel.Of(endpoint);
        _client = new AnthropicClient(new ClientOptions
        {
            HttpClient = http,
            // The last one is next to the wire: what was refused is told before anybody looks for blocks in it.
            Handlers = [new AnthropicBlocks(), new AnthropicRefusals()],
            BaseUrl = Root(endpoint.BaseUrl!),

            // The SDK would send a key as Authorization: Bearer, which is how Anthropic takes the tokens of its consoles; keys go into
            // x-api-key. Null keeps it from looking for keys of its own in the environment.
            ApiKey = null,
            ExtraHeaders = endpoint.Key is { } key ? new Dictionary<string, string> { ["x-api-key"] = key.Reveal() } : null,

            // Repeating is the router's to decide, and the limit is ours: its own would not hold for a stream.
            MaxRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            OpenTelemetry = false,
        }).AsIChatClient(endpoint.ModelId, AnthropicModel.DefaultMaxTokens, _model.Thinking);
    }

    protected override async Task<ChatResponse> CompleteAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var response = await _client.GetResponseAsync(AnthropicMessages.Of(messages), Options(messages, options), cancellationToken);
        response.RawRepresentation = null;
        return response;
    }

    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pieces = new AnthropicToolPieces();
        var stopped = false;

        await foreach (var update in _client.GetStreamingResponseAsync(AnthropicMessages.Of(messages), Options(messages, options), cancellationToken))
        {
            if (update.RawRepresentation is RawMessageStreamEvent { Value: var raw })
            {
                stopped |= raw is RawMessageStopEvent;

                if (pieces.Read(raw) is { } piece)
                {
                    update.Contents.Add(piece);
                }
            }

            yield return update;
        }

        if (!stopped)
        {
            throw ProviderErrors.BrokenStream(null);
        }
    }

    protected override DomainException? Translate(Exception exception, CancellationToken caller) => exception switch
    {
        AnthropicSseException failed => AnthropicRefusals.Of(failed),
        AnthropicIOException => ProviderErrors.Unreachable(exception),
        AnthropicInvalidDataException => ProviderErrors.Unreadable(),
        _ => base.Translate(exception, caller),
    };

    private ChatOptions Options(IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        AnthropicOptions.Of(options, _model, AnthropicMessages.CanThink(messages));

    // The SDK writes /v1 itself; people configure the address with and without.
    private static string Root(Uri baseUrl)
    {
        var address = baseUrl.AbsoluteUri.TrimEnd('/');
        return address.EndsWith("/v1", StringComparison.Ordinal) ? address[..^3] : address;
    }
}
