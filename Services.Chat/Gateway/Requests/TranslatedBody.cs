using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Gateway.Requests;

/// <summary>What has to hold of a request before it is written anew for an endpoint of another wire. One that is forwarded is the endpoint's to judge.</summary>
internal static class TranslatedBody
{
    private static readonly JsonDocumentOptions Unambiguous = new() { AllowDuplicateProperties = false };

    /// <exception cref="DomainException">invalid_json</exception>
    public static void Ensure(ReadOnlySpan<byte> body)
    {
        try
        {
            PortableJson.Ensure(body);
            _ = JsonElement.Parse(body, Unambiguous);
        }
        catch (JsonException)
        {
            throw new DomainException(
                DomainErrorKind.Invalid, "invalid_json", $"The body of the request is nested deeper than {PortableJson.MaxDepth} levels, has a member twice, or a text that is no Unicode.");
        }
    }
}
