using System.Net;
using System.Net.Sockets;
using System.Text;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Transport.Abuse;

/// <summary>A socket whose client takes nothing: a small receive buffer, and no reading until the test wants to see what was left.</summary>
internal sealed class DeafClient : IDisposable
{
    private readonly Socket _socket;

    private DeafClient(Socket socket) => _socket = socket;

    public static async Task<DeafClient> ConnectAsync(Uri url, string path, string token)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
        var key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer {token}\r\n\r\n"));

        // The answer's head and websocket_ready, so that the session is followed from now on.
        var buffer = new byte[2048];
        var text = string.Empty;
        while (!text.Contains("websocket_ready", StringComparison.Ordinal))
        {
            var length = await socket.ReceiveAsync(buffer).WaitAsync(ChatSocket.Timeout);
            Assert.True(length > 0, text);
            text += Encoding.UTF8.GetString(buffer, 0, length);
        }

        return new(socket);
    }

    /// <summary>Reads at last.</summary>
    /// <returns>How much had got through when the connection ended.</returns>
    public async Task<long> ReadToEndAsync()
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        try
        {
            while (await _socket.ReceiveAsync(buffer).WaitAsync(ChatSocket.Timeout) is var length and > 0)
            {
                total += length;
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Cut off without a goodbye: nothing more would have fitted.
        }

        return total;
    }

    public void Dispose() => _socket.Dispose();
}
