using System.Diagnostics;
using OpenTelemetry;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Takes query strings, the caller's tracestate and masked values out of spans, of their events, links and status too, and drops the
/// spans of health probes.
/// </summary>
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

        // Whatever a caller put there; nobody of ours writes or reads it.
        data.TraceStateString = null;
        Redact(data.EnumerateTagObjects());
        foreach (ref readonly var happened in data.EnumerateEvents())
        {
            Redact(happened.EnumerateTagObjects());
        }

        foreach (ref readonly var link in data.EnumerateLinks())
        {
            Redact(link.EnumerateTagObjects());
        }

        if (Redactor.TryRedact(data.DisplayName, out var name))
        {
            data.DisplayName = (string)name;
        }

        if (Redactor.TryRedact(data.StatusDescription, out var description))
        {
            data.SetStatus(data.Status, (string)description);
        }
    }

    // In place: events and links cannot be taken away or replaced on an activity, their tags can.
    private static void Redact(Activity.Enumerator<KeyValuePair<string, object?>> tags)
    {
        foreach (ref var tag in tags)
        {
            if (Redactor.TryRedact(tag.Value, out var redacted))
            {
                tag = new(tag.Key, redacted);
            }
        }
    }
}
