using System.Collections.Concurrent;
using MySql.Data.MySqlClient;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Takes units of work one after another and runs each on this thread's own connection.</summary>
internal sealed class WorkThread(BlockingCollection<WorkItem> queue, MySqlConnectionFactory factory, TimeProvider timeProvider)
{
    // An idle connection may have died with its server; asking costs a round trip, so only after some idleness.
    private static readonly TimeSpan PingAfterIdle = TimeSpan.FromSeconds(1);

    private MySqlConnection? _connection;
    private long _lastUsed;

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
        if (item.CancellationToken.IsCancellationRequested || (failure is not null && !IsStillGood(connection, failure)))
        {
            Discard();
        }

        _lastUsed = timeProvider.GetTimestamp();
    }

    private void EnsureOpen()
    {
        if (_connection is not null && timeProvider.GetElapsedTime(_lastUsed) > PingAfterIdle && !_connection.Ping())
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
