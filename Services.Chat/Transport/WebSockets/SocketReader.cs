using System.Buffers;
using System.Net.WebSockets;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>Puts messages together, up to a size. An idle connection holds a small buffer only.</summary>
internal sealed class SocketReader(WebSocket socket, int maxBytes) : IDisposable
{
    private const int StartSize = 4 * 1024;

    // The pool keeps what it gets back for every core; of megabytes, that would be hundreds of them after a few large frames.
    private const int LargestPooled = 256 * 1024;

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

    public void Dispose() => Return(_buffer);

    private void Grow(int length)
    {
        var wanted = Math.Min(length * 2, maxBytes + 1);
        var larger = wanted > LargestPooled ? new byte[wanted] : ArrayPool<byte>.Shared.Rent(wanted);
        _buffer.AsSpan(0, length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private void Shrink()
    {
        if (_buffer.Length > 16 * StartSize)
        {
            Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(StartSize);
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
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
