using System.Buffers;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// Bytes in a rented array. It goes back to the pool unless somebody still reads from it: a request can be over before all of its
/// body was sent, and the connection's own sending goes on for a moment.
/// </summary>
internal sealed class PooledBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;
    private int _readers;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public int Length => _length;

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Takes the first bytes away.</summary>
    public void Consume(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }

    public void BeginRead() => Interlocked.Increment(ref _readers);

    public void EndRead() => Interlocked.Decrement(ref _readers);

    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);

        if (bytes.Length > 0 && Volatile.Read(ref _readers) == 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _length = 0;
    }

    private void Grow(int wanted)
    {
        if (_bytes.Length - _length >= wanted)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + wanted));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
