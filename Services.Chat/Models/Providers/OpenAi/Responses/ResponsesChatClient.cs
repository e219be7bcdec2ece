using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;

/// <summary>
/// Models that speak OpenAI's Responses API. Nothing is kept at the provider: the whole conversation goes with every call, and what the
/// model thought goes back to it encrypted.
/// </summary>
internal sealed class ResponsesChatClient(ModelEndpoint endpoint, HttpClient http) : ProviderChatClient(endpoint)
{
    private readonly ProviderHttp _http = OpenAiHttp.Of(endpoint, http);
    private readonly ModelTraits _traits = ModelTraits.Of(endpoint);
    private readonly ParameterRules _rules = endpoint.Parameters;
    private readonly Uri _url = EndpointAddress.Of(endpoint).For(ModelCallKind.Responses);

    protected override async Task<ChatResponse> CompleteAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var response = await _http.PostAsync(_url, Body(messages, options, stream: false), cancellationToken);
        return ResponseReplies.ToResponse(response);
    }

    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = new ResponseStream();

        await foreach (var item in _http.StreamAsync(_url, Body(messages, options, stream: true), cancellationToken))
        {
            if (events.Read(item) is { } update)
            {
                yield return update;
            }
        }
    }

    private ReadOnlyMemory<byte> Body(IReadOnlyList<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var body = ResponseRequests.Of(Endpoint.ModelId, messages, options, _traits);
        ParameterFilter.Apply(_rules, body);

        if (stream)
        {
            body["stream"] = true;
        }

        return body.ToBytes();
    }
}
