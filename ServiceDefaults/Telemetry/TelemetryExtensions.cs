using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace AiPlatform.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>Traces, metrics and logs over OTLP when the host says where to (OTEL_EXPORTER_OTLP_ENDPOINT); names by OTEL_SERVICE_NAME.</summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        // Makes ASP.NET Core put method, path and address on its server span itself.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        var export = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

        builder.Services.PostConfigure<LoggerFilterOptions>(options => ContentLoggers.Quiet(options, hasSpans: export));
        builder.Services.AddSingleton<ConsoleFormatter, RedactingConsoleFormatter>();
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName = RedactingConsoleFormatter.FormatterName);
        if (export)
        {
            builder.Logging.AddOpenTelemetry(options =>
            {
                options.IncludeFormattedMessage = true;
                options.SetResourceBuilder(ResourceBuilder.CreateDefault());
                options.AddProcessor(new CallerLogProcessor());
                options.AddProcessor(new RedactingLogProcessor());
                options.AddOtlpExporter();
            });
        }

        builder.Services.AddSingleton<IStartupFilter, ServerSpanStartupFilter>();
        builder.Services.AddHostedService(_ => new TelemetryService(export));
        return builder;
    }
}
