using System.Buffers;
using System.Net.WebSockets;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>Puts messages together, up to a size. An idle connection holds a small buffer only.</summary>
internal sealed class SocketReader(WebSocket socket, int maxBytes) : IDisposable
{
    private const int StartSize = 4 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(StartSize);

    public async Task<SocketMessage> ReadAsync(CancellationToken cancellationToken)
    {
        Shrink();
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Grow(length);
            }

            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return new(SocketMessageKind.Closed, default);
            }

            if (part.MessageType == WebSocketMessageType.Binary)
            {
                return new(SocketMessageKind.Binary, default);
            }

            if (length > maxBytes)
            {
                return new(SocketMessageKind.TooLarge, default);
            }

            if (part.EndOfMessage)
            {
                return new(SocketMessageKind.Text, _buffer.AsMemory(0, length));
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(length * 2, maxBytes + 1));
        _buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
    }

    private void Shrink()
    {
        if (_buffer.Length > 16 * StartSize)
        {
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            _buffer = ArrayPool<byte>.Shared.Rent(StartSize);
        }
    }
}

internal enum SocketMessageKind
{
    Text,
    Binary,
    TooLarge,
    Closed,
}

/// <param name="Utf8">Valid until the next read.</param>
internal readonly record struct SocketMessage(SocketMessageKind Kind, ReadOnlyMemory<byte> Utf8);
