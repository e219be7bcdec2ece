using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>How an OpenAI-compatible endpoint is asked: its addresses, put together once, and the header with its key.</summary>
internal sealed class EndpointAddress
{
    private static readonly ConditionalWeakTable<ModelEndpoint, EndpointAddress> Known = [];

    private readonly ModelEndpoint _endpoint;
    private readonly Uri _chat;
    private readonly Uri _responses;
    private readonly Uri _embeddings;
    private readonly string? _authorization;

    private EndpointAddress(ModelEndpoint endpoint)
    {
        _endpoint = endpoint;
        (_chat, _responses, _embeddings) = (Of("chat/completions"), Of("responses"), Of("embeddings"));
        _authorization = endpoint.Key is { } key && endpoint.Vendor.KeyHeader is null ? $"Bearer {key.Reveal()}" : null;
        Models = Of("models");
    }

    /// <summary>Where the list of models is, which answers who has a valid key.</summary>
    public Uri Models { get; }

    public static EndpointAddress Of(ModelEndpoint endpoint) => Known.GetValue(endpoint, static endpoint => new(endpoint));

    public Uri For(ModelCallKind kind) => kind switch
    {
        ModelCallKind.Responses => _responses,
        ModelCallKind.Embeddings => _embeddings,
        _ => _chat,
    };

    public void Authorize(HttpRequestMessage request)
    {
        if (_authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        }
        else if (_endpoint.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation(_endpoint.Vendor.KeyHeader!, key.Reveal());
        }
    }

    // https://api.openai.com/v1/chat/completions; https://mine.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    private Uri Of(string path)
    {
        var root = _endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/');
        return _endpoint.Vendor.HasDeployments
            ? new($"{root}/openai/{(path is "responses" or "models" ? "" : $"deployments/{Uri.EscapeDataString(_endpoint.ModelId)}/")}{path}?api-version={Uri.EscapeDataString(_endpoint.ApiVersion ?? "")}")
            : new($"{root}/{path}");
    }
}
