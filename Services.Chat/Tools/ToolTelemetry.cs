using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AiPlatform.Services.Chat.Tools;

internal static class ToolTelemetry
{
    private static readonly ActivitySource Source = new("AiPlatform.Services.Chat");
    private static readonly Meter Meter = new("AiPlatform.Services.Chat");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("chat.tool.duration", "s", "Duration of tool calls by tool and outcome.");

    public static Activity? StartCall(string tool, string toolCallId)
    {
        var activity = Source.StartActivity($"execute_tool {tool}", ActivityKind.Internal);
        activity?.SetTag("gen_ai.operation.name", "execute_tool");
        activity?.SetTag("gen_ai.tool.name", tool);
        activity?.SetTag("gen_ai.tool.call.id", toolCallId);
        return activity;
    }

    public static void EndCall(Activity? activity, string tool, ToolOutcome outcome, TimeSpan elapsed)
    {
        Duration.Record(
            elapsed.TotalSeconds, new("gen_ai.tool.name", tool), new("outcome", outcome.Error?.Code ?? "completed"));
        if (outcome.Error is { } error)
        {
            activity?.SetTag("error.type", error.Code);
            activity?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
