using Aspire.Hosting.Dashboard.Otlp;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>What a person reads of a log record.</summary>
internal static class LogText
{
    public static string Message(StoredLog log)
    {
        var reader = new ProtoReader(log.Body);
        while (reader.Next())
        {
            if (reader.Is(StoredLog.MessageBody, ProtoWire.Bytes))
            {
                return OtlpAttributes.TextOf(reader.Bytes());
            }

            reader.Skip();
        }

        return "";
    }

    public static string? EventName(StoredLog log)
    {
        var reader = new ProtoReader(log.Body);
        while (reader.Next())
        {
            if (reader.Is(StoredLog.EventName, ProtoWire.Bytes))
            {
                return reader.Text();
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>"type: message" and the stack below; .NET's stack text begins with those itself.</summary>
    public static string? Exception(OtlpAttributes attributes)
    {
        var (type, message, stack) = (attributes.Find("exception.type"), attributes.Find("exception.message"), attributes.Find("exception.stacktrace"));
        if (type is null && message is null)
        {
            return stack;
        }

        var head = type is null || message is null ? type ?? message! : $"{type}: {message}";
        return stack is null ? head : stack.StartsWith(type ?? head, StringComparison.Ordinal) ? stack : $"{head}\n{stack}";
    }

    public static LogLevel Level(int severity) => severity switch
    {
        0 => LogLevel.Information,
        <= 4 => LogLevel.Trace,
        <= 8 => LogLevel.Debug,
        <= 12 => LogLevel.Information,
        <= 16 => LogLevel.Warning,
        <= 20 => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
