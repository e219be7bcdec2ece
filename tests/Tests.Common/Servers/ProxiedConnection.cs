using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Tests.Common;

/// <summary>One connection through a <see cref="FaultProxy"/>, with a thread for each direction.</summary>
internal sealed class ProxiedConnection(Socket client, bool isSilent) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _isSilent = isSilent;

    /// <summary>Where the server sees it come from.</summary>
    public int Port => (_server.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>What still comes from either side is thrown away; a half of a dialogue would be worse than none.</summary>
    public void FallSilent() => _isSilent = true;

    public void Run(int serverPort, Func<int?> spoil)
    {
        try
        {
            _server.Connect(IPAddress.Loopback, serverPort);
            new Thread(() => Pump(client, _server, static () => null)) { IsBackground = true, Name = "proxy requests" }.Start();
            Pump(_server, client, spoil);
        }
        catch (SocketException)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private void Pump(Socket from, Socket to, Func<int?> spoil)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (from.Receive(buffer) is > 0 and var count)
            {
                if (_isSilent)
                {
                    continue;
                }

                if (spoil() is { } before)
                {
                    to.Send(buffer.AsSpan(0, Math.Min(before, count)));
                    break;
                }

                for (var sent = 0; sent < count;)
                {
                    sent += to.Send(buffer.AsSpan(sent, count - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side has gone; the other goes with it.
        }

        // A silent connection that the server gives up must not tell the client so.
        if (!_isSilent || ReferenceEquals(from, client))
        {
            Dispose();
        }
    }
}
