using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Receiver;

/// <summary>A request's body, unpacked, in a borrowed buffer: what is kept of it is copied out.</summary>
internal sealed class ReceivedBody : IDisposable
{
    /// <summary>Of the body, and of what it unpacks to.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <returns>Null when it is larger than may be.</returns>
    /// <exception cref="InvalidDataException">It is not packed as it says.</exception>
    public static async Task<ReceivedBody?> ReadAsync(HttpRequest request, bool isGzip, CancellationToken cancellationToken)
    {
        // Before the first read, so that a sender who asks first (Expect: 100-continue) hears it and does not send.
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        var body = new ReceivedBody();
        var source = isGzip ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : request.Body;
        var isComplete = false;
        try
        {
            int count;
            while ((count = await source.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken)) > 0)
            {
                body._length += count;
                if (body._length > MaxBytes)
                {
                    return null;
                }

                if (body._length == body._buffer.Length)
                {
                    body.Grow();
                }
            }

            isComplete = true;
            return body;
        }
        finally
        {
            if (isGzip)
            {
                await source.DisposeAsync();
            }

            if (!isComplete)
            {
                body.Dispose();
            }
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
