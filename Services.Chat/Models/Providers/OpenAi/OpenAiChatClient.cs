using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>
/// Any server that speaks OpenAI's chat completions. Written against the wire and not the SDK, which drops what vendors add to it:
/// the reasoning of DeepSeek, Groq and xAI, the sources of Perplexity.
/// </summary>
internal sealed class OpenAiChatClient(ModelEndpoint endpoint, HttpClient http) : ProviderChatClient(endpoint)
{
    private readonly ProviderHttp _http = OpenAiHttp.Of(endpoint, http);
    private readonly ModelTraits _traits = ModelTraits.Of(endpoint);
    private readonly ParameterRules _rules = endpoint.Parameters;
    private readonly Uri _url = EndpointAddress.Of(endpoint).For(ModelCallKind.Chat);
    private readonly XAiAttachments? _attachments = endpoint.Vendor == Vendors.XAi ? new(endpoint, http) : null;

    protected override async Task<ChatResponse> CompleteAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(messages, options, cancellationToken);
        return OpenAiReplies.ToResponse(await _http.PostAsync(_url, body.ToBytes(), cancellationToken));
    }

    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = await BodyAsync(messages, options, cancellationToken);
        body["stream"] = true;

        if (Endpoint.Vendor.TakesStreamOptions)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        var stream = new OpenAiStream();

        await foreach (var chunk in _http.StreamAsync(_url, body.ToBytes(), cancellationToken))
        {
            yield return stream.Read(chunk);
        }

        if (stream.End() is { } end)
        {
            yield return end;
        }
    }

    private async ValueTask<JsonObject> BodyAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var sent = _attachments is null ? messages : await _attachments.PlaceAsync(messages, cancellationToken);
        var body = OpenAiOptions.Of(options, _traits);
        body.Insert(0, "model", Endpoint.ModelId);
        body.Insert(1, "messages", OpenAiMessages.Of(sent, options, Endpoint.Vendor));
        ParameterFilter.Apply(_rules, body);
        return body;
    }
}
