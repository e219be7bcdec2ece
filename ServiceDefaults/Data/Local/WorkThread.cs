using System.Collections.Concurrent;
using MySql.Data.MySqlClient;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Takes units of work one after another and runs each on this thread's own connection.</summary>
internal sealed class WorkThread(BlockingCollection<WorkItem> queue, MySqlConnectionFactory factory, TimeProvider timeProvider)
{
    // A connection may have died with its server. Asking costs a round trip, so only after some idleness or when another one broke.
    private static readonly TimeSpan PingAfterIdle = TimeSpan.FromSeconds(1);

    private MySqlConnection? _connection;
    private long _lastUsed;
    private int _breaksKnown;

    public void Run()
    {
        foreach (var item in queue.GetConsumingEnumerable())
        {
            if (item.CancellationToken.IsCancellationRequested)
            {
                item.Abandon();
                continue;
            }

            try
            {
                EnsureOpen();
            }
            catch (Exception exception)
            {
                // Whatever it is (the driver throws NullReferenceException too), an exception that left here would end the process.
                factory.NoteBreak();
                Discard();
                item.Fail(new DatabaseUnavailableException("The database could not be reached.", exception));
                continue;
            }

            // Opening may have taken longer than the caller waited.
            if (item.CancellationToken.IsCancellationRequested)
            {
                item.Abandon();
                continue;
            }

            Execute(item, _connection!);
        }

        Discard();
    }

    private void Execute(WorkItem item, MySqlConnection connection)
    {
        var serverThread = connection.ServerThread;
        Exception? failure;
        using (item.CancellationToken.Register(() => factory.KillQuery(serverThread)))
        {
            failure = item.Execute(new TracedConnection(connection));
        }

        // After a cancellation a KILL QUERY may still be on its way: such a connection serves nobody else.
        if (item.CancellationToken.IsCancellationRequested)
        {
            Discard();
        }
        else if (failure is not null && !IsStillGood(connection, failure))
        {
            factory.NoteBreak();
            Discard();
        }

        _lastUsed = timeProvider.GetTimestamp();
    }

    private void EnsureOpen()
    {
        var breaks = factory.Breaks;
        var isDoubtful = breaks != _breaksKnown || timeProvider.GetElapsedTime(_lastUsed) > PingAfterIdle;
        _breaksKnown = breaks;
        if (_connection is not null && isDoubtful && !_connection.Ping())
        {
            Discard();
        }

        if (_connection is null)
        {
            _connection = factory.Open();
            _lastUsed = timeProvider.GetTimestamp();
        }
    }

    // A statement that the server refused leaves the connection usable; everything else is not worth the doubt.
    private static bool IsStillGood(MySqlConnection connection, Exception failure) =>
        failure is MySqlException exception
            ? connection.State == System.Data.ConnectionState.Open && !MySqlConnections.IsConnectionLost(exception)
            : failure is not (IOException or TimeoutException or ObjectDisposedException) && connection.State == System.Data.ConnectionState.Open;

    private void Discard()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception)
        {
            // The connection is thrown away because it is broken; that closing it says so again is no news, in whatever words.
        }

        _connection = null;
    }
}
