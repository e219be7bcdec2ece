using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Gemini;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Replies;

/// <summary>What Gemini wants back with its call, under the name that Google's own wire of this kind has for it, on both of OpenAI's.</summary>
internal static class CallExtras
{
    // {"google":{"thought_signature":"..."}}
    public static JsonElement? Of(FunctionCallContent call) => call.AdditionalProperties?.GetValueOrDefault(GeminiContents.Signature) is string signature
        ? JsonSerializer.SerializeToElement(new JsonObject { ["google"] = new JsonObject { ["thought_signature"] = signature } }, WireJsonContext.Default.JsonObject)
        : null;
}
