using System.Diagnostics;
using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>A span for each model call by the conventions for generative AI; never contents.</summary>
internal static class ModelTelemetry
{
    private static readonly ActivitySource Source = new("AiPlatform.Services.Chat");

    public static Activity? StartChat(ModelGroup group)
    {
        var activity = Source.StartActivity($"chat {group.ModelId}", ActivityKind.Client);
        activity?.SetTag("gen_ai.operation.name", "chat");
        activity?.SetTag("gen_ai.provider.name", group.Provider);
        activity?.SetTag("gen_ai.request.model", group.ModelId);
        activity?.SetTag("aiplatform.model.group", group.Name);

        if (group.Endpoint is { } endpoint)
        {
            activity?.SetTag("server.address", endpoint.BaseUrl.Host);
            activity?.SetTag("server.port", endpoint.BaseUrl.Port);
        }

        return activity;
    }

    public static void Complete(Activity? activity, ChatFinishReason? reason, string? model, UsageDetails usage)
    {
        activity?.SetTag("gen_ai.response.model", model);
        activity?.SetTag("gen_ai.response.finish_reasons", reason is { } given ? (string[])[given.Value] : null);
        activity?.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount);
        activity?.SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
    }

    public static void Fail(Activity? activity, Exception exception)
    {
        activity?.SetTag("error.type", exception is DomainException { Code: var code } ? code : exception.GetType().FullName);
        activity?.SetStatus(ActivityStatusCode.Error);
    }
}
