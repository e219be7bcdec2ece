using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Tests.Common;

/// <summary>A port on 127.0.0.1 that nobody listens on at the moment of asking.</summary>
public static class FreePort
{
    // Below what Linux hands to outgoing connections: one of those could take the port before the server does.
    private const int First = 10_000;
    private const int Last = 19_999;
    private const int Attempts = 100;

    public static int Next()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Taken: the next one.
            }
        }

        throw new InvalidOperationException($"Of {Attempts} ports between {First} and {Last} none was free.");
    }
}
