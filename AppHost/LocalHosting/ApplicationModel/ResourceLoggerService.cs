using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The console lines of every resource: the last ones kept, new ones live.</summary>
public class ResourceLoggerService : IDisposable
{
    private const int MaxLines = 10_000;
    private const int MaxUnreadBatches = 1_000;
    private readonly ConcurrentDictionary<string, Log> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _timeProvider = TimeProvider.System;

    internal event Action<string, LogLine>? LineWritten;

    /// <summary>Set by the host: the instance ids of a resource, because a log belongs to an instance.</summary>
    internal Func<string, IReadOnlyList<string>> InstancesOf { get; set; } = name => [name];

    public ILogger GetLogger(IResource resource) => new ResourceLogger(this, () => InstancesOf(resource.Name));

    public ILogger GetLogger(string resourceName) => new ResourceLogger(this, () => [resourceName]);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => WatchCoreAsync(resourceName, CancellationToken.None);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        foreach (var id in Ids(resourceName))
        {
            var lines = LogOf(id).Snapshot();
            if (lines.Count > 0)
            {
                yield return lines;
            }
        }
    }

    public void Complete(IResource resource)
    {
        foreach (var id in InstancesOf(resource.Name))
        {
            Complete(id);
        }
    }

    public void Complete(string name) => LogOf(name).Complete();

    public void ClearBacklog(string resourceName) => LogOf(resourceName).Clear();

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        GC.SuppressFinalize(this);
    }

    internal void Write(string instanceId, string text, bool isError)
    {
        var stamp = _timeProvider.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        var line = LogOf(instanceId).Append($"{stamp} {text}", isError);
        LineWritten?.Invoke(instanceId, line);
    }

    /// <summary>The end of the log without its time stamps, for an exception's message.</summary>
    internal string LastLines(string resourceName, int count = 50)
    {
        var lines = Ids(resourceName).SelectMany(id => LogOf(id).Snapshot().TakeLast(count)).Select(l => "    " + l.Content[(l.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var text = string.Join(Environment.NewLine, lines);
        return text.Length > 0 ? $" Its last log lines:{Environment.NewLine}{text}" : " It wrote no log lines.";
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchCoreAsync(string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<IReadOnlyList<LogLine>>(new BoundedChannelOptions(MaxUnreadBatches) { FullMode = BoundedChannelFullMode.DropOldest });
        var logs = Ids(resourceName).Select(LogOf).ToList();
        var open = logs.Count;
        foreach (var log in logs)
        {
            log.Subscribe(channel.Writer, () =>
            {
                if (Interlocked.Decrement(ref open) == 0)
                {
                    channel.Writer.TryComplete();
                }
            });
        }

        try
        {
            await foreach (var lines in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return lines;
            }
        }
        finally
        {
            logs.ForEach(log => log.Unsubscribe(channel.Writer));
        }
    }

    private IReadOnlyList<string> Ids(string resourceName) => _logs.ContainsKey(resourceName) ? [resourceName] : InstancesOf(resourceName);

    private Log LogOf(string id) => _logs.GetOrAdd(id, _ => new Log());

    private sealed class Log
    {
        private readonly Lock _gate = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly Dictionary<ChannelWriter<IReadOnlyList<LogLine>>, Action> _watchers = [];
        private int _lineNumber;
        private bool _isComplete;

        public LogLine Append(string content, bool isError)
        {
            lock (_gate)
            {
                var line = new LogLine(++_lineNumber, content, isError);
                _lines.Enqueue(line);
                if (_lines.Count > MaxLines)
                {
                    _lines.Dequeue();
                }

                foreach (var watcher in _watchers.Keys)
                {
                    watcher.TryWrite([line]);
                }

                return line;
            }
        }

        public List<LogLine> Snapshot()
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }

        public void Subscribe(ChannelWriter<IReadOnlyList<LogLine>> writer, Action completed)
        {
            lock (_gate)
            {
                if (_lines.Count > 0)
                {
                    writer.TryWrite([.. _lines]);
                }

                if (_isComplete)
                {
                    completed();
                }
                else
                {
                    _watchers[writer] = completed;
                }
            }
        }

        public void Unsubscribe(ChannelWriter<IReadOnlyList<LogLine>> writer)
        {
            lock (_gate)
            {
                _watchers.Remove(writer);
            }
        }

        public void Clear()
        {
            lock (_gate)
            {
                _lines.Clear();
            }
        }

        public void Complete()
        {
            lock (_gate)
            {
                _isComplete = true;
                foreach (var completed in _watchers.Values)
                {
                    completed();
                }

                _watchers.Clear();
            }
        }
    }

    private sealed class ResourceLogger(ResourceLoggerService service, Func<IReadOnlyList<string>> instances) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
            foreach (var id in instances())
            {
                service.Write(id, text, logLevel >= LogLevel.Error);
            }
        }
    }
}

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
