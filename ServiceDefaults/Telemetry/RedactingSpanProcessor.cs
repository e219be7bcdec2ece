using System.Diagnostics;
using OpenTelemetry;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Takes query strings and masked values out of spans, and drops the spans of health probes.</summary>
internal sealed class RedactingSpanProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server && data.GetTagItem("url.path") is "/health" or "/alive")
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        data.SetTag("url.query", null);
        foreach (var tag in data.EnumerateTagObjects())
        {
            if (tag.Value is string text && Redactor.NeedsRedaction(text))
            {
                data.SetTag(tag.Key, Redactor.Redact(text));
            }
        }
    }
}
