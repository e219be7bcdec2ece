using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Capture;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Anthropic;
using AiPlatform.Services.Chat.Models.Providers.ClaudeCode;
using AiPlatform.Services.Chat.Models.Providers.Gemini;
using AiPlatform.Services.Chat.Models.Providers.Local;
using AiPlatform.Services.Chat.Models.Providers.OpenAi;
using AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers;

/// <summary>
/// One <see cref="IChatClient"/> per endpoint, made when it is first asked for. It sends each call once, and its failures come out as
/// DomainException provider.*; trying elsewhere is the router's.
/// </summary>
internal sealed class ProviderClients(ModelConnections connections, ContentCapture capture, TimeProvider timeProvider)
{
    // Gone with the catalogue that its endpoint stood in.
    private readonly ConditionalWeakTable<ModelEndpoint, IChatClient> _clients = [];

    /// <summary>For one attempt of a call.</summary>
    public IChatClient Of(ModelCall call, ModelEndpoint endpoint) => capture.Of(call, Of(endpoint));

    public IChatClient Of(ModelEndpoint endpoint) => _clients.GetValue(endpoint, Create);

    private IChatClient Create(ModelEndpoint endpoint) => (endpoint.Provider, endpoint.Api) switch
    {
        (ModelProvider.Local, _) => new LocalChatClient(timeProvider),
        (ModelProvider.Anthropic, _) => new AnthropicChatClient(endpoint, connections.Http),
        (ModelProvider.Gemini, _) => new GeminiChatClient(endpoint, connections.Http),
        (ModelProvider.ClaudeCode, _) => new ClaudeCodeChatClient(endpoint, connections.Http),
        (ModelProvider.OpenAi, EndpointApi.Responses) => new ResponsesChatClient(endpoint, connections.Http),
        (ModelProvider.OpenAi, _) => new OpenAiChatClient(endpoint, connections.Http),
        _ => throw new NotSupportedException($"There is no client for provider {endpoint.Provider}."),
    };
}
