using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>The list of models, asked for with an endpoint's key: the cheapest question that each provider answers only who has a valid one.</summary>
internal static class KeyQuestion
{
    public static HttpRequestMessage Of(ModelEndpoint endpoint)
    {
        if (endpoint.Provider == ModelProvider.OpenAi)
        {
            var address = EndpointAddress.Of(endpoint);
            var request = new HttpRequestMessage(HttpMethod.Get, address.Models);
            address.Authorize(request);
            return request;
        }

        var root = endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/');
        return endpoint.Provider == ModelProvider.Gemini
            ? new(HttpMethod.Get, $"{root}/models?pageSize=1") { Headers = { { "x-goog-api-key", endpoint.Key!.Reveal() } } }
            : new(HttpMethod.Get, $"{(root.EndsWith("/v1", StringComparison.Ordinal) ? root : $"{root}/v1")}/models?limit=1")
            {
                Headers = { { "x-api-key", endpoint.Key!.Reveal() }, { "anthropic-version", "2023-06-01" } },
            };
    }

    /// <summary>Whether the status says that the key is wrong. Gemini finds fault with the request then: 400, API_KEY_INVALID.</summary>
    public static bool IsRefusal(ModelEndpoint endpoint, int status) => status is 401 or 403 || (status is 400 && endpoint.Provider == ModelProvider.Gemini);
}
