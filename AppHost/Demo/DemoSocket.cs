using System.Net.WebSockets;
using System.Text.Json;

namespace AiPlatform.AppHost.Demo;

/// <summary>A chat client as small as one can be: sends JSON, hands out frames.</summary>
internal sealed class DemoSocket(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(60);

    public static async Task<DemoSocket> ConnectAsync(Uri chat, string token, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        var address = new UriBuilder(chat) { Scheme = "ws", Path = $"/ws/demo-{Guid.CreateVersion7():N}" }.Uri;
        await socket.ConnectAsync(address, cancellationToken);
        return new(socket);
    }

    public Task SendAsync(object frame, CancellationToken cancellationToken) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame), WebSocketMessageType.Text, endOfMessage: true, cancellationToken).WaitAsync(FrameTimeout, cancellationToken);

    public async Task<JsonElement> ReadAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(FrameTimeout);
        using var frame = new MemoryStream();
        var buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), bound.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException($"The chat service closed the socket: {socket.CloseStatus} {socket.CloseStatusDescription}");
            }

            frame.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        return JsonDocument.Parse(frame.ToArray()).RootElement;
    }

    public void Dispose() => socket.Dispose();
}
