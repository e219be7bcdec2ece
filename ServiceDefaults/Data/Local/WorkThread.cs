using System.Collections.Concurrent;
using System.Data;
using MySql.Data.MySqlClient;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Takes units of work one after another and runs each on this thread's own connection.</summary>
/// <param name="tryReplace">Starts another thread in the place of this one; false when too many have been replaced already.</param>
internal sealed class WorkThread(WorkQueue queue, MySqlConnectionFactory factory, TimeProvider timeProvider, Func<bool> tryReplace) : IDisposable
{
    private const int MostEndings = 16;

    // A connection may have died with its server. Asking costs a round trip, so only when another one broke, or after some idleness: less than
    // any server needs to come back, so that none that was restarted meanwhile is met by a connection from before.
    private static readonly TimeSpan PingAfterIdle = TimeSpan.FromMilliseconds(100);

    // A cancelled statement ends within milliseconds of its KILL QUERY, when anything still comes through at all.
    private static readonly TimeSpan KillTakes = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly BlockingCollection<(WorkItem Item, int? ServerThread)> _endings = new(MostEndings);
    private MySqlConnection? _connection;
    private TracedConnection? _traced;
    private WorkItem? _running;
    private long _lastUsed;
    private int _breaksKnown;

    /// <summary>Another thread has taken over; this one ends after its item.</summary>
    public bool IsReplaced { get; private set; }

    public void Run()
    {
        try
        {
            RunItems();
        }
        finally
        {
            _endings.CompleteAdding();
        }
    }

    /// <summary>
    /// Stops the statements of cancelled items, on a thread of its own: opening blocks for seconds on a server that stopped answering. It is
    /// there before anybody cancels, because starting a thread holds up who starts it.
    /// </summary>
    public void RunEndings()
    {
        foreach (var (item, serverThread) in _endings.GetConsumingEnumerable())
        {
            if (IsRunning(item))
            {
                End(item, serverThread);
            }
        }
    }

    public void Dispose() => _endings.Dispose();

    private void RunItems()
    {
        while (queue.Take() is { } item)
        {
            if (item.CancellationToken.IsCancellationRequested)
            {
                item.Abandon();
                continue;
            }

            _running = item;
            using (item.CancellationToken.UnsafeRegister(_ => EndSoon(item), null))
            {
                Serve(item);
            }

            lock (_gate)
            {
                _running = null;
            }

            // After a cancellation a KILL may still be on its way: such a connection serves nobody else.
            if (item.CancellationToken.IsCancellationRequested)
            {
                Discard();
            }

            if (IsReplaced)
            {
                break;
            }
        }

        Discard();
    }

    private void Serve(WorkItem item)
    {
        try
        {
            EnsureOpen();
        }
        catch (Exception exception)
        {
            // Whatever it is (the driver throws NullReferenceException too), an exception that left here would end the process.
            factory.NoteBreak();
            Discard();
            item.Fail(DatabaseFailures.TranslateOpening(exception));
            return;
        }

        // Opening may have taken longer than the caller waited.
        if (item.CancellationToken.IsCancellationRequested)
        {
            item.Abandon();
            return;
        }

        if (item.Execute(_traced!) is { } failure && !IsStillGood(_connection!, failure))
        {
            factory.NoteBreak();
            Discard();
        }

        _lastUsed = timeProvider.GetTimestamp();
    }

    // Of one connection there is no more than one at a time, as a rule; whoever finds no room only leaves a statement to its own end.
    private void EndSoon(WorkItem item) => _endings.TryAdd((item, _connection?.ServerThread));

    private void End(WorkItem item, int? serverThread)
    {
        if (serverThread is { } statement)
        {
            factory.Kill("query", statement);
        }

        if (!SpinWait.SpinUntil(() => !IsRunning(item), KillTakes) && TryLeave(item) && serverThread is { } connection)
        {
            factory.Kill("connection", connection);
        }
    }

    private bool IsRunning(WorkItem item) => ReferenceEquals(Volatile.Read(ref _running), item);

    private bool TryLeave(WorkItem item)
    {
        lock (_gate)
        {
            if (!IsRunning(item) || IsReplaced)
            {
                return false;
            }

            IsReplaced = tryReplace();
            return IsReplaced;
        }
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
            _traced = MySqlConnectionFactory.Trace(_connection);
            _lastUsed = timeProvider.GetTimestamp();
        }
    }

    // A statement that the server refused leaves the connection usable; everything else is not worth the doubt.
    private static bool IsStillGood(MySqlConnection connection, Exception failure) =>
        connection.State == ConnectionState.Open && failure switch
        {
            MySqlException exception => !DatabaseFailures.EndsConnection(exception),
            IOException or TimeoutException or ObjectDisposedException => false,
            _ => !MySqlConnections.HasLostItsFooting(failure),
        };

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
        _traced = null;
    }
}
