using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Tests.Common;

/// <summary>
/// Stands before a server's port and spoils what passes: late replies, replies cut short, silence, refusal. Works on threads of
/// its own, so that a starved pool of the test's process does not add to the fault.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly int _serverPort;
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private TcpListener _listener;
    private volatile bool _isSilent;
    private int _untilSilent = -1;
    private int _accepted;
    private long _delayTicks;
    private int _connectionsToCut;
    private int _bytesBeforeCut;

    private FaultProxy(int serverPort, int port)
    {
        _serverPort = serverPort;
        Port = port;
        _listener = Listen();
    }

    public int Port { get; }

    public static FaultProxy Start(int serverPort) => new(serverPort, FreePort.Next());

    /// <summary>Every piece of a reply comes this much later.</summary>
    public void DelayReplies(TimeSpan delay) => Volatile.Write(ref _delayTicks, delay.Ticks);

    /// <summary>The next replies on up to this many connections break off after so many bytes, and their connections with them.</summary>
    public void CutReplies(int afterBytes, int connections = 1)
    {
        Volatile.Write(ref _bytesBeforeCut, afterBytes);
        Volatile.Write(ref _connectionsToCut, connections);
    }

    /// <summary>How many of the cuts asked for have not happened yet.</summary>
    public int CutsLeft => Math.Max(0, Volatile.Read(ref _connectionsToCut));

    /// <summary>How many connections there ever were.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections are accepted and nothing passes; those of this time stay silent for ever, as after a firewall lost them.</summary>
    public void FallSilent()
    {
        _isSilent = true;
        foreach (var connection in _connections.Keys)
        {
            connection.FallSilent();
        }
    }

    /// <summary>The connection that the server sees come from this port falls silent for ever.</summary>
    public void FallSilent(int port) => _connections.Keys.Single(connection => connection.Port == port).FallSilent();

    /// <summary>Of the connections to come, the one after so many is accepted and nothing passes on it.</summary>
    public void SilenceOne(int after) => Volatile.Write(ref _untilSilent, after);

    /// <summary>Breaks what is open and refuses what comes.</summary>
    public void Refuse()
    {
        _listener.Stop();
        CutAll();
    }

    /// <summary>Breaks what is open.</summary>
    public void CutAll()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    /// <summary>New connections work again, and those that were not cut or silenced without delay.</summary>
    public void Heal()
    {
        _isSilent = false;
        Volatile.Write(ref _delayTicks, 0);
        Volatile.Write(ref _connectionsToCut, 0);
        if (!_listener.Server.IsBound)
        {
            _listener = Listen();
        }
    }

    public ValueTask DisposeAsync()
    {
        Refuse();
        return ValueTask.CompletedTask;
    }

    private TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        new Thread(() => Accept(listener)) { IsBackground = true, Name = "proxy" }.Start();
        return listener;
    }

    private void Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = listener.AcceptSocket();
                client.NoDelay = true;
                var isChosen = Volatile.Read(ref _untilSilent) >= 0 && Interlocked.Decrement(ref _untilSilent) < 0;
                var connection = new ProxiedConnection(client, _isSilent || isChosen);
                Interlocked.Increment(ref _accepted);
                _connections.TryAdd(connection, true);
                new Thread(() =>
                {
                    connection.Run(_serverPort, Spoil);
                    _connections.TryRemove(connection, out _);
                })
                {
                    IsBackground = true,
                    Name = "proxy connection",
                }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped.
        }
    }

    /// <returns>How many bytes of the reply to let through before the end of the connection, or null for all.</returns>
    private int? Spoil()
    {
        if (Volatile.Read(ref _delayTicks) is > 0 and var ticks)
        {
            Thread.Sleep(TimeSpan.FromTicks(ticks));
        }

        return Volatile.Read(ref _connectionsToCut) > 0 && Interlocked.Decrement(ref _connectionsToCut) >= 0
            ? Volatile.Read(ref _bytesBeforeCut)
            : null;
    }
}
