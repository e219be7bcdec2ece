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

        if (data.Attributes is { } attributes && attributes.Any(attribute => Redactor.TryRedact(attribute.Value, out _)))
        {
            data.Attributes = [.. attributes.Select(attribute => Redactor.TryRedact(attribute.Value, out var redacted)
                ? new KeyValuePair<string, object?>(attribute.Key, redacted)
                : attribute)];
        }

        // An exception cannot be rewritten, so its text goes as the attributes that the exporter would have made of it.
        if (data.Exception is { } exception && Redactor.NeedsRedaction(exception.ToString()))
        {
            data.Attributes =
            [
                .. data.Attributes ?? [],
                new("exception.type", exception.GetType().FullName),
                new("exception.message", Redactor.Redact(exception.Message)),
                new("exception.stacktrace", Redactor.Redact(exception.ToString())),
            ];
            data.Exception = null;
        }
    }
}
