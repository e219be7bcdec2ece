using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>Where an OpenAI-compatible server is asked, and how it sees the key.</summary>
internal static class OpenAiHttp
{
    public static ProviderHttp Of(ModelEndpoint endpoint, HttpClient http) =>
        new(http, request => Authorise(endpoint, request), static body => new(Refusals.OpenAiCode(body)));

    public static Uri Url(ModelEndpoint endpoint, string path)
    {
        var root = endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/');
        return endpoint.Vendor.HasDeployments
            ? new($"{root}/openai/deployments/{Uri.EscapeDataString(endpoint.ModelId)}/{path}?api-version={Uri.EscapeDataString(endpoint.ApiVersion ?? "")}")
            : new($"{root}/{path}");
    }

    public static void Authorise(ModelEndpoint endpoint, HttpRequestMessage request)
    {
        if (endpoint.Key is not { } key)
        {
            return;
        }

        if (endpoint.Vendor.KeyHeader is { } header)
        {
            request.Headers.TryAddWithoutValidation(header, key.Reveal());
        }
        else
        {
            request.Headers.Authorization = new("Bearer", key.Reveal());
        }
    }
}
