using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A model provider that answers with the bytes it is told to, for what no HTTP server would send: half a header, garbage, a body of
/// one byte at a time. It counts its connections, so that a test can see that none is left behind.
/// </summary>
public sealed class RawModelServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<RawExchange, Task> _script;
    private readonly Task _accepting;
    private int _open;
    private int _requests;

    private RawModelServer(Func<RawExchange, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/v1";

    /// <summary>Connections that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    public int Requests => Volatile.Read(ref _requests);

    /// <param name="script">Answers one request. Afterwards the connection is closed.</param>
    public static RawModelServer Start(Func<RawExchange, Task> script) => new(script);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();

        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_closing.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _open);

        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);

            if (await ReadRequestAsync(stream) is { } request)
            {
                Interlocked.Increment(ref _requests);
                await _script(new(stream, request, _closing.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var received = new StringBuilder();
        var buffer = new byte[8192];

        while (await stream.ReadAsync(buffer, _closing.Token) is var count and > 0)
        {
            received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            var text = received.ToString();
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);

            if (head >= 0 && text.Length >= head + 4 + LengthOf(text[..head]))
            {
                return text;
            }
        }

        return null;
    }

    private static int LengthOf(string head)
    {
        const string name = "Content-Length:";
        var line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line[name.Length..].Trim(), CultureInfo.InvariantCulture);
    }
}

/// <summary>One request that was read, and what is answered to it.</summary>
public sealed class RawExchange(NetworkStream stream, string request, CancellationToken closing)
{
    /// <summary>Its head and its body.</summary>
    public string Request => request;

    public async Task SendAsync(string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), closing);
        await stream.FlushAsync(closing);
    }

    public Task SendJsonAsync(string json) =>
        SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json).ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n\r\n{json}");

    /// <summary>The head of a stream whose body ends with the connection's last chunk, or is seen not to.</summary>
    public Task BeginStreamAsync() =>
        SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");

    public Task SendChunkAsync(string text) =>
        text.Length == 0 ? Task.CompletedTask : SendAsync($"{Encoding.UTF8.GetByteCount(text).ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n");

    public Task EndStreamAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Says nothing more until the client goes or the test is over.</summary>
    public async Task HangAsync()
    {
        var buffer = new byte[1];

        while (await stream.ReadAsync(buffer, closing) > 0)
        {
        }
    }
}
