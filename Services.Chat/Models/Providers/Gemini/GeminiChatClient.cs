using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>Google's models on their own wire: generateContent, and streamGenerateContent as server-sent events.</summary>
internal sealed class GeminiChatClient(ModelEndpoint endpoint, HttpClient http) : ProviderChatClient(endpoint)
{
    private readonly ProviderHttp _http = new(http, request => Authorise(endpoint, request), GeminiErrors.Read);
    private readonly ModelTraits _traits = ModelTraits.Of(endpoint);
    private readonly string _model = $"{endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/')}/models/{Uri.EscapeDataString(endpoint.ModelId)}";

    protected override async Task<ChatResponse> CompleteAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var reply = await _http.PostAsync(new($"{_model}:generateContent"), Body(messages, options), cancellationToken);
        return GeminiReplies.ToResponse(reply);
    }

    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new GeminiStream();

        await foreach (var chunk in _http.StreamAsync(new($"{_model}:streamGenerateContent?alt=sse"), Body(messages, options), cancellationToken))
        {
            yield return stream.Read(chunk);
        }

        if (stream.End() is { } end)
        {
            yield return end;
        }
    }

    private byte[] Body(IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        GeminiRequests.Of(Endpoint.ModelId, messages, options, _traits).ToBytes();

    private static void Authorise(ModelEndpoint endpoint, HttpRequestMessage request)
    {
        if (endpoint.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation("x-goog-api-key", key.Reveal());
        }
    }
}
