using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace AiPlatform.LocalHosting.Tests.Replicas;

/// <summary>A WebSocket to the tests' web service, which says its process first and repeats everything then.</summary>
internal sealed class EchoSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1024];

    public int Pid { get; private set; }

    public static async Task<EchoSocket> ConnectAsync(Uri http)
    {
        var socket = new EchoSocket();
        await socket._socket.ConnectAsync(new UriBuilder(http) { Scheme = "ws", Path = "/echo" }.Uri, TestHosts.InTime());
        socket.Pid = int.Parse(await socket.ReadAsync(), CultureInfo.InvariantCulture);
        return socket;
    }

    public async Task<string> EchoAsync(string text)
    {
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestHosts.InTime());
        return await ReadAsync();
    }

    /// <summary>The end without a closing handshake.</summary>
    public Task<WebSocketException> BreaksAsync() => Assert.ThrowsAsync<WebSocketException>(ReadAsync);

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadAsync()
    {
        var received = await _socket.ReceiveAsync(_buffer, TestHosts.InTime());
        return Encoding.UTF8.GetString(_buffer, 0, received.Count);
    }
}
