using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.ClaudeCode;

/// <summary>
/// Claude Code in a sidecar: a process beside the service that takes one query and sends its program's own messages (stream-json) as server-sent events. It
/// answers in streams only; whoever wants a whole reply gets it put together.
/// </summary>
internal sealed class ClaudeCodeChatClient(ModelEndpoint endpoint, HttpClient http) : ProviderChatClient(endpoint)
{
    private readonly ProviderHttp _http = new(http, request => Authorise(endpoint, request), static _ => new(Code: null));
    private readonly Uri _query = new($"{endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/')}/query");

    protected override async Task<ChatResponse> CompleteAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var response = await StreamAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);
        return response.FinishReason is null ? throw ProviderErrors.BrokenStream(null) : response;
    }

    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new ClaudeCodeStream();

        await foreach (var message in _http.StreamAsync(_query, ClaudeCodeRequests.Of(Endpoint.ModelId, messages, options).ToBytes(), cancellationToken))
        {
            if (stream.Read(message) is { } update)
            {
                yield return update;
            }
        }
    }

    private static void Authorise(ModelEndpoint endpoint, HttpRequestMessage request)
    {
        if (endpoint.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key.Reveal()}");
        }
    }
}
