using System.Data.Common;
using System.Diagnostics;
using MySql.Data.MySqlClient;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Oracle's driver blocks the calling thread in its async methods too, so units of work run on a few dedicated threads, each with
/// its own open connection, and the caller gets a task that is asynchronous and ends at once when cancelled.
/// </summary>
internal sealed class MySqlConnections : IAsyncDisposable
{
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(2);

    private readonly WorkQueue _queue;
    private readonly MySqlConnectionFactory _factory;
    private readonly TimeProvider _timeProvider;
    private readonly int _size;
    private readonly Lock _gate = new();
    private readonly HashSet<Thread> _threads = [];
    private int _given;
    private int _started;

    public MySqlConnections(string connectionString, DatabaseOptions options, TimeProvider timeProvider)
    {
        _queue = new(options.QueueLength);
        _factory = new(connectionString);
        _timeProvider = timeProvider;
        _size = options.Connections;
    }

    /// <returns>The server's error number; 0 for the driver's own errors.</returns>
    public static int NumberOf(DbException exception) => exception is MySqlException known ? known.Number : 0;

    public static bool IsDuplicateKey(DbException exception) => exception is MySqlException { Number: 1062 };

    /// <summary>
    /// True for what the driver throws from its inside on a reply that broke off or made no sense (NullReferenceException,
    /// ArgumentException): nobody knows what its connection will answer next.
    /// </summary>
    public static bool HasLostItsFooting(Exception exception) =>
        exception is not (DbException or OperationCanceledException)
        && exception.StackTrace?.Contains("MySql.Data.MySqlClient.NativeDriver", StringComparison.Ordinal) == true;

    public Task<T> RunAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _started) == 0)
        {
            StartThreads();
        }

        var item = new WorkItem<T>(work, cancellationToken);
        if (!_queue.TryAdd(item))
        {
            item.Abandon();
            throw new DatabaseUnavailableException("Too many calls wait for the database.", reason: DatabaseReasons.Busy);
        }

        return item.Task;
    }

    public ValueTask DisposeAsync()
    {
        _queue.End();
        Thread[] threads;
        lock (_gate)
        {
            threads = [.. _threads];
        }

        var started = Stopwatch.GetTimestamp();
        foreach (var thread in threads)
        {
            var left = Ending - Stopwatch.GetElapsedTime(started);
            thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        return ValueTask.CompletedTask;
    }

    private void StartThreads()
    {
        lock (_gate)
        {
            if (_started == 0)
            {
                for (var number = 0; number < _size; number++)
                {
                    StartThread();
                }

                Volatile.Write(ref _started, 1);
            }
        }
    }

    // A connection can fall silent for good, and the driver cannot be made to leave it before its own timeout. Its thread is given up
    // and ends by itself then; no more than the pool's size at a time, so that the number of threads stays bounded.
    private bool TryReplaceOne()
    {
        lock (_gate)
        {
            if (_given >= _size || _queue.HasEnded)
            {
                return false;
            }

            _given++;
            StartThread();
            return true;
        }
    }

    private void StartThread()
    {
        var worker = new WorkThread(_queue, _factory, _timeProvider, TryReplaceOne);
        var thread = new Thread(() => Run(worker)) { IsBackground = true, Name = "mysql" };
        _threads.Add(thread);
        new Thread(() => RunEndings(worker)) { IsBackground = true, Name = "mysql kill" }.Start();
        thread.Start();
    }

    // The last of the two to end.
    private static void RunEndings(WorkThread worker)
    {
        using (worker)
        {
            worker.RunEndings();
        }
    }

    private void Run(WorkThread worker)
    {
        worker.Run();
        lock (_gate)
        {
            _threads.Remove(Thread.CurrentThread);
            if (worker.IsReplaced)
            {
                _given--;
            }
        }
    }
}
