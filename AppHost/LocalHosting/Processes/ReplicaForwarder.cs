using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes;

/// <summary>One replica behind a forwarder: where it listens, and the task that completes with its process; null when none lives.</summary>
internal sealed record ReplicaTarget(int Port, Func<Task?> Exited);

/// <summary>Listens on a resource's public port and hands each connection to the next of its living replicas.</summary>
internal sealed class ReplicaForwarder : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private readonly IReadOnlyList<ReplicaTarget> _targets;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly List<TcpListener> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];
    private int _next = -1;

    public ReplicaForwarder(int port, IReadOnlyList<ReplicaTarget> targets, TimeProvider timeProvider, ILogger logger)
    {
        _targets = targets;
        _timeProvider = timeProvider;
        _logger = logger;
        Listen(IPAddress.Loopback, port);
        if (Socket.OSSupportsIPv6)
        {
            Listen(IPAddress.IPv6Loopback, port);
        }
    }

    /// <summary>How many connections are being forwarded.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Returns when every connection has been closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(l => l.Dispose());
        await Task.WhenAll(_loops);
        Task[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections);
        _stopping.Dispose();
    }

    private void Listen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            listener.Dispose();
            return;
        }
        catch (SocketException)
        {
            listener.Dispose();
            _listeners.ForEach(l => l.Dispose());
            throw;
        }

        _listeners.Add(listener);
        _loops.Add(new ConnectionAcceptor(listener.AcceptSocketAsync, Track, _timeProvider, _logger).RunAsync(_stopping.Token));
    }

    private void Track(Socket client)
    {
        var connection = ForwardAsync(client);
        lock (_gate)
        {
            _connections.Add(connection);
        }

        connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using (client)
        {
            if (await ConnectAsync() is not var (server, exited))
            {
                // A reset and no quiet end: nobody is there to answer.
                client.Close(0);
                return;
            }

            using (server)
            {
                await new ForwardedConnection(client, server, _timeProvider).RunAsync(exited, _stopping.Token);
            }
        }
    }

    // The next of the living in turn, or the next after it that answers.
    private async Task<(Socket Server, Task Exited)?> ConnectAsync()
    {
        var living = _targets.Select(t => (t.Port, Exited: t.Exited())).Where(t => t.Exited is { IsCompleted: false }).ToList();
        var first = (uint)Interlocked.Increment(ref _next);
        for (var i = 0; i < living.Count; i++)
        {
            var (port, exited) = living[(int)((first + i) % living.Count)];
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(ConnectLimit, _timeProvider);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, stop.Token);
                return (socket, exited!);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }

        return null;
    }
}
