using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Requests;

/// <summary>A call of a tool that a caller hands back, the same on both of OpenAI's wires.</summary>
internal static class GivenCalls
{
    /// <param name="param">Where its arguments stand in the request.</param>
    public static FunctionCallContent Of(string id, string name, string? arguments, string param)
    {
        var call = ToolCallAssembly.ToContent(id, name, arguments ?? "");

        // The exception of the content is around what its parser threw.
        return call.Exception is not { } fault ? call
            : throw InvalidRequest.Value(param, $"arguments {(fault.InnerException as UnportableJsonException)?.Fault ?? "is no JSON object"}.");
    }
}
