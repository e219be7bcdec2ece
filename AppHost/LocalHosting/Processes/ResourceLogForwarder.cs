using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes;

/// <summary>Writes the resources' console lines into the host's own log, where a test's output can show them.</summary>
internal sealed partial class ResourceLogForwarder(ResourceLoggerService loggers, Orchestrator orchestrator, ILoggerFactory loggerFactory, IHostEnvironment environment) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        loggers.LineWritten += Forward;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        loggers.LineWritten -= Forward;
        return Task.CompletedTask;
    }

    private void Forward(string instanceId, LogLine line)
    {
        var name = orchestrator.Find(instanceId) is [var instance, ..] ? instance.Resource.Name : instanceId;
        var logger = loggerFactory.CreateLogger($"{environment.ApplicationName}.Resources.{name}");
        LogLine(logger, line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, line.LineNumber, line.Content);
    }

    [LoggerMessage("{LineNumber}: {Content}")]
    private static partial void LogLine(ILogger logger, LogLevel level, int lineNumber, string content);
}
