using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Gemini;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Requests;

/// <summary>A call of a tool that a caller hands back, the same on both of OpenAI's wires.</summary>
internal static class GivenCalls
{
    /// <param name="extra">What its provider wanted back with it, as <see cref="Replies.CallExtras"/> told it.</param>
    /// <param name="param">Where its arguments stand in the request.</param>
    public static FunctionCallContent Of(string id, string name, string? arguments, JsonElement? extra, string param)
    {
        var call = ToolCallAssembly.ToContent(id, name, arguments ?? "");

        if (call.Exception is { } fault)
        {
            // The content's exception is around its parser's.
            throw InvalidRequest.Value(param, $"arguments {(fault.InnerException as UnportableJsonException)?.Fault ?? "is no JSON object"}.");
        }

        if (extra?.Object("google")?.Text("thought_signature") is { } signature)
        {
            call.AdditionalProperties = new() { [GeminiContents.Signature] = signature };
        }

        return call;
    }
}
