using System.Collections.Concurrent;
using System.Data.Common;
using MySql.Data.MySqlClient;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Oracle's driver blocks the calling thread in its async methods too, so units of work run on a few dedicated threads, each with
/// its own open connection, and the caller gets a task that is asynchronous and ends at once when cancelled.
/// </summary>
internal sealed class MySqlConnections : IAsyncDisposable
{
    private readonly BlockingCollection<WorkItem> _queue;
    private readonly MySqlConnectionFactory _factory;
    private readonly TimeProvider _timeProvider;
    private readonly Lazy<Thread[]> _threads;

    public MySqlConnections(string connectionString, DatabaseOptions options, TimeProvider timeProvider)
    {
        _queue = new(options.QueueLength);
        _factory = new(connectionString);
        _timeProvider = timeProvider;
        _threads = new(() => [.. Enumerable.Range(1, options.Connections).Select(StartThread)]);
    }

    public static bool IsConnectionLost(DbException exception) =>
        exception is MySqlException { Number: 0 or 1040 or 1042 or 1043 or 1044 or 1045 or 1049 or 1053 or 1077 or 1129 or 1158 or 1159 or 1160 or 1161 or 1927 or 2002 or 2003 or 2006 or 2013 };

    public static bool IsDeadlock(DbException exception) => exception is MySqlException { Number: 1205 or 1213 };

    public static bool IsDuplicateKey(DbException exception) => exception is MySqlException { Number: 1062 };

    public Task<T> RunAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        _ = _threads.Value;
        var item = new WorkItem<T>(work, cancellationToken);
        if (!_queue.TryAdd(item))
        {
            item.Abandon();
            throw new DatabaseUnavailableException("Too many calls wait for the database.");
        }

        return item.Task;
    }

    public ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        if (_threads.IsValueCreated)
        {
            foreach (var thread in _threads.Value)
            {
                thread.Join(TimeSpan.FromSeconds(2));
            }
        }

        return ValueTask.CompletedTask;
    }

    private Thread StartThread(int number)
    {
        var thread = new Thread(() => new WorkThread(_queue, _factory, _timeProvider).Run()) { IsBackground = true, Name = $"mysql {number}" };
        thread.Start();
        return thread;
    }
}
