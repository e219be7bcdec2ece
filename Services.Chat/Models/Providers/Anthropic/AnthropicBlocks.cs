using System.Net.Mime;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>Finds a reply unreadable whose content holds what is no block: the SDK's adapter takes it for one, and fails as if the fault were ours.</summary>
internal sealed class AnthropicBlocks : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);

        // What is read here is kept for the SDK. A stream is of another type, and its events are read one by one.
        if (response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.Json
            && !HasBlocksOnly(await response.Content.ReadAsByteArrayAsync(cancellationToken)))
        {
            response.Dispose();
            throw ProviderErrors.Unreadable();
        }

        return response;
    }

    // {"content":[{"type":"text","text":"Hi"}]}
    private static bool HasBlocksOnly(byte[] reply)
    {
        try
        {
            return JsonElement.Parse(reply).Items("content").All(block => block.ValueKind == JsonValueKind.Object);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
