using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>JSON to an OpenAI-compatible server, with its key and its errors.</summary>
internal static class OpenAiHttp
{
    public static ProviderHttp Of(ModelEndpoint endpoint, HttpClient http) =>
        new(http, EndpointAddress.Of(endpoint).Authorize, static body => new(Refusals.OpenAiCode(body)));
}
