using OpenTelemetry;
using OpenTelemetry.Logs;

namespace AiPlatform.ServiceDefaults.Telemetry;

internal sealed class RedactingLogProcessor : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.FormattedMessage is { } message)
        {
            data.FormattedMessage = Redactor.Redact(message);
        }

        if (data.Attributes is { } attributes && attributes.Any(attribute => attribute.Value is string text && Redactor.NeedsRedaction(text)))
        {
            data.Attributes = [.. attributes.Select(attribute => attribute.Value is string text
                ? new KeyValuePair<string, object?>(attribute.Key, Redactor.Redact(text))
                : attribute)];
        }
    }
}
