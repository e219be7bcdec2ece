using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Lets the configured formatter write and masks its text: what a service prints is kept and shown by whoever hosts it.</summary>
internal sealed class RedactingConsoleFormatter(IServiceProvider provider, IConfiguration configuration) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "redacting";

    // Not by the constructor: this is one of the formatters itself.
    private readonly Lazy<ConsoleFormatter> _inner = new(() =>
    {
        var name = configuration["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple;
        return provider.GetServices<ConsoleFormatter>().First(formatter => formatter.Name == name);
    });

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _inner.Value.Write(logEntry, scopeProvider, line);
        textWriter.Write(Redactor.Redact(line.ToString()));
    }
}
