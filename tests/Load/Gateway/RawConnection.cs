using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;

namespace AiPlatform.Load.Gateway;

/// <summary>
/// One connection of the load generator: a blocking socket that a thread of its own uses, because on two cores whatever a generator does beside sending
/// and receiving is measured too.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private readonly GatewayTarget _target;
    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    public RawConnection(GatewayTarget target)
    {
        _target = target;
        _socket.Connect("127.0.0.1", target.Port);
    }

    /// <summary>Sends a request and reads its whole reply.</summary>
    /// <returns>The length of the body.</returns>
    /// <exception cref="InvalidOperationException">It was not answered with 200: then nothing was measured.</exception>
    public int Exchange(byte[] request)
    {
        Send(request);
        var head = ReadHead();
        var length = LengthOf(_buffer.AsSpan(0, head));

        if (length >= 0)
        {
            var missing = head + length - _length;
            while (missing > 0)
            {
                missing -= Receive(_buffer.AsSpan(head));
            }
        }
        else
        {
            // 0\r\n\r\n: what the replies themselves do not hold.
            while (!_buffer.AsSpan(head, _length - head).EndsWith("0\r\n\r\n"u8))
            {
                Fill();
            }

            length = _length - head;
        }

        _length = 0;
        return length;
    }

    /// <summary>Sends a request and reads its reply to the end, as it comes.</summary>
    public StreamTimes Stream(byte[] request)
    {
        var started = Stopwatch.GetTimestamp();
        Send(request);
        var position = ReadHead();
        var ages = new List<TimeSpan>();
        TimeSpan? first = null;

        while (true)
        {
            position += SentStream.Read(_buffer.AsSpan(position, _length - position), ages);

            if (first is null && ages.Count > 0)
            {
                first = Stopwatch.GetElapsedTime(started);
            }

            if (_buffer.AsSpan(0, _length).EndsWith("0\r\n\r\n"u8))
            {
                var isDone = _buffer.AsSpan(0, _length).IndexOf("data: [DONE]"u8) >= 0;
                _length = 0;
                return new(first ?? TimeSpan.Zero, ages, isDone);
            }

            Fill();
        }
    }

    /// <summary>Sends a request, reads the beginning of its reply, and leaves the rest where it is.</summary>
    /// <returns>How long the first piece of the body took.</returns>
    public TimeSpan Begin(byte[] request)
    {
        var started = Stopwatch.GetTimestamp();
        Send(request);
        var head = ReadHead();

        while (_length == head)
        {
            Fill();
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => _socket.Dispose();

    private void Send(byte[] request)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += _socket.Send(request.AsSpan(sent));
        }
    }

    private int ReadHead()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Fill();
        }

        // HTTP/1.1 200 OK
        return _buffer.AsSpan(9, 3).SequenceEqual("200"u8)
            ? end + 4
            : throw new InvalidOperationException($"{_target.Name} answered {System.Text.Encoding.UTF8.GetString(_buffer.AsSpan(0, _length))}");
    }

    private void Fill()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _length += Receive(_buffer.AsSpan(_length));
    }

    private int Receive(Span<byte> target) =>
        _socket.Receive(target) is var count and > 0 ? count : throw new InvalidOperationException($"{_target.Name} closed the connection in the middle of a reply.");

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("ontent-Length: "u8);
        at = at < 0 ? head.IndexOf("ontent-length: "u8) : at;
        return at >= 0 && Utf8Parser.TryParse(head[(at + 15)..], out int length, out _) ? length : -1;
    }
}

/// <param name="First">From the request to the first chunk.</param>
/// <param name="Ages">Of each chunk, how long after it was sent it was received.</param>
internal sealed record StreamTimes(TimeSpan First, IReadOnlyList<TimeSpan> Ages, bool IsDone);
