using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A port on 127.0.0.1 that nobody listens on and that is this process's until it ends: a server that takes its time to start, or is
/// killed and comes back, must not find another test's there.
/// </summary>
public static class FreePort
{
    // Below what Linux hands to outgoing connections: one of those could take the port before the server does.
    private const int First = 10_000;
    private const int Last = 19_999;
    private const int Attempts = 200;

    private static readonly Lock Gate = new();
    private static readonly List<FileStream> Held = [];

    // Test processes of this user that run beside this one look here too.
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"aiplatform-tests-ports-{Environment.UserName}");

    public static int Next()
    {
        Directory.CreateDirectory(Folder);
        IOException? taken = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            try
            {
                var file = new FileStream(Path.Combine(Folder, $"{port}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (IsFree(port))
                {
                    lock (Gate)
                    {
                        Held.Add(file);
                    }

                    return port;
                }

                file.Dispose();
            }
            catch (IOException exception)
            {
                // Somebody's already: the next one.
                taken = exception;
            }
        }

        throw new InvalidOperationException($"Of {Attempts} ports between {First} and {Last} none was free.", taken);
    }

    // Bound but never listened on: a process forked just now would listen with its copy of the socket until it runs its program.
    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
