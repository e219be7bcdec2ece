using Microsoft.Extensions.Logging;

namespace AiPlatform.Distributed.Tests.Leaks;

/// <summary>What the AppHost's own process logs.</summary>
internal sealed class HostLog(Action<string> keep) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, keep);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, Action<string> keep) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            keep($"{category}: {formatter(state, exception)} {exception}");
    }
}
