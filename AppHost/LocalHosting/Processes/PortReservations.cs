using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Processes;

/// <summary>Ports that stay ours from the moment they are promised until the host ends.</summary>
internal sealed class PortReservations : IDisposable
{
    // Below the ranges that Linux (32768) and macOS (49152) take outgoing ports from. A promised port is bound only later, by another
    // process, so it is held meanwhile by a lock file that every host of this user respects; a probe finds ports of everybody else.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 2_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, FileStream> _held = [];

    /// <summary>Where the lock files of all hosts of this user are.</summary>
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), $"local-hosting-ports-{Environment.UserName}");

    public int Take()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (TryTake(port))
            {
                return port;
            }
        }

        throw new DistributedApplicationException($"No free port was found between {First} and {Last}.");
    }

    public bool TryTake(int port)
    {
        lock (_gate)
        {
            if (_held.ContainsKey(port) || TryLock(port) is not { } file)
            {
                return false;
            }

            if (!IsFree(port))
            {
                file.Dispose();
                return false;
            }

            _held[port] = file;
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var file in _held.Values)
            {
                file.Dispose();
            }

            _held.Clear();
        }
    }

    internal static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    // Bound but never listened on: a process forked just now has a copy of the socket until it runs its program, and a port that is
    // listened on anywhere cannot be listened on again, while two that are only bound do not meet.
    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private FileStream? TryLock(int port)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            return LockFile.TryHold(Path.Combine(Folder, $"{port}.lock"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The folder '{Folder}', which keeps hosts off each other's ports, cannot be used: {exception.Message}", exception);
        }
    }
}
