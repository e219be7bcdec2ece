using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Requests;

internal static class Efforts
{
    public static ReasoningOptions? Of(string? effort, string param, ReasoningOutput output = ReasoningOutput.Summary) => effort switch
    {
        null => null,
        "none" => new() { Effort = ReasoningEffort.None },
        "minimal" or "low" => new() { Effort = ReasoningEffort.Low, Output = output },
        "medium" => new() { Effort = ReasoningEffort.Medium, Output = output },
        "high" => new() { Effort = ReasoningEffort.High, Output = output },
        "xhigh" => new() { Effort = ReasoningEffort.ExtraHigh, Output = output },
        _ => throw InvalidRequest.Value(param, $"{param} is none, minimal, low, medium, high or xhigh."),
    };
}
