using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Tests.Common;

/// <summary>
/// The one WebSocket client of the tests. It reads only when asked, so a test that does not read is a slow client. Every wait ends:
/// with what it waited for, or with an exception that tells what came instead.
/// </summary>
public sealed class ChatSocket : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = Eventually.Timeout;

    private readonly ClientWebSocket _socket = new();
    private readonly List<ReceivedFrame> _frames = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    private ChatSocket()
    {
        _socket.Options.CollectHttpResponseDetails = true;
    }

    /// <summary>Everything received so far, in order.</summary>
    public IReadOnlyList<ReceivedFrame> Frames => _frames;

    /// <summary>The replica that this socket talks to, as its first frame says; null before that was read.</summary>
    public string? Instance => _frames.FirstOrDefault(frame => frame.Type == "websocket_ready")?.TextOf("instance");

    /// <summary>Null while the server has not closed.</summary>
    public int? CloseStatus => (int?)_socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <param name="token">Goes into the query as <c>token</c>, or into the Authorization header; null connects without.</param>
    public static async Task<ChatSocket> ConnectAsync(
        Uri uri, string? token = null, bool tokenInHeader = false, CancellationToken cancellationToken = default)
    {
        var socket = new ChatSocket();
        try
        {
            await socket.OpenAsync(uri, token, tokenInHeader, cancellationToken);
            return socket;
        }
        catch (WebSocketException)
        {
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <returns>The HTTP status that refused the upgrade; a connection that is let in fails the test.</returns>
    public static async Task<HttpStatusCode> ConnectRefusedAsync(
        Uri uri, string? token = null, bool tokenInHeader = false, CancellationToken cancellationToken = default)
    {
        await using var socket = new ChatSocket();
        try
        {
            await socket.OpenAsync(uri, token, tokenInHeader, cancellationToken);
        }
        catch (WebSocketException) when (socket._socket.HttpStatusCode != 0)
        {
            return socket._socket.HttpStatusCode;
        }

        throw new InvalidOperationException($"{uri.AbsolutePath} let the connection in.");
    }

    public Task SendAsync(object frame, CancellationToken cancellationToken = default) =>
        SendTextAsync(JsonSerializer.Serialize(frame), cancellationToken);

    /// <summary>Sends the text as it is, JSON or not.</summary>
    public Task SendTextAsync(string text, CancellationToken cancellationToken = default) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).AsTask();

    /// <summary>Sends a text message as it is, valid or not, in as many fragments.</summary>
    public async Task SendPartsAsync(ReadOnlyMemory<byte> bytes, int parts, CancellationToken cancellationToken = default)
    {
        for (var part = 0; part < parts; part++)
        {
            var (from, to) = (bytes.Length * part / parts, bytes.Length * (part + 1) / parts);
            await _socket.SendAsync(bytes[from..to], WebSocketMessageType.Text, endOfMessage: part == parts - 1, cancellationToken);
        }
    }

    /// <summary>Sends the next fragment of a message that has more to come.</summary>
    public Task SendOpenPartAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: false, cancellationToken).AsTask();

    /// <returns>The next frame.</returns>
    public async Task<ReceivedFrame> ReadAsync(CancellationToken cancellationToken = default) =>
        await TryReadAsync(cancellationToken)
        ?? throw new InvalidOperationException($"The server closed with {CloseStatus} {CloseReason}. Received: {Summary()}");

    /// <summary>Reads until a frame matches; one timeout for all of it.</summary>
    /// <returns>The frames read by this call, the matching one last.</returns>
    public async Task<IReadOnlyList<ReceivedFrame>> ReadUntilAsync(
        Func<ReceivedFrame, bool> predicate, CancellationToken cancellationToken = default)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        var frames = new List<ReceivedFrame>();
        do
        {
            frames.Add(await ReadAsync(bounded.Token));
        }
        while (!predicate(frames[^1]));

        return frames;
    }

    /// <inheritdoc cref="ReadUntilAsync(Func{ReceivedFrame, bool}, CancellationToken)"/>
    public Task<IReadOnlyList<ReceivedFrame>> ReadUntilAsync(string type, CancellationToken cancellationToken = default) =>
        ReadUntilAsync(frame => frame.Type == type, cancellationToken);

    /// <summary>Reads until the server closes.</summary>
    /// <returns>The frames read by this call.</returns>
    public async Task<IReadOnlyList<ReceivedFrame>> ReadUntilClosedAsync(CancellationToken cancellationToken = default)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        var frames = new List<ReceivedFrame>();
        while (await TryReadAsync(bounded.Token) is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Breaks the connection without a closing handshake, as a lost network does.</summary>
    public void Drop() => _socket.Abort();

    /// <summary>Closes as a well-behaved client does.</summary>
    public Task CloseAsync(CancellationToken cancellationToken = default) =>
        _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken).WaitAsync(Timeout, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task OpenAsync(Uri uri, string? token, bool tokenInHeader, CancellationToken cancellationToken)
    {
        if (token is not null && tokenInHeader)
        {
            _socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        // Factories and service discovery hand out http addresses.
        var target = new UriBuilder(uri) { Scheme = uri.Scheme is "https" or "wss" ? "wss" : "ws" };
        if (token is not null && !tokenInHeader)
        {
            target.Query = $"{target.Query.TrimStart('?')}&token={Uri.EscapeDataString(token)}".TrimStart('&');
        }

        return _socket.ConnectAsync(target.Uri, cancellationToken).WaitAsync(Timeout, cancellationToken);
    }

    private async Task<ReceivedFrame?> TryReadAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        using var message = new MemoryStream();
        try
        {
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(_buffer.AsMemory(), bounded.Token);
                message.Write(_buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
        }
        catch (OperationCanceledException) when (bounded.IsCancellationRequested)
        {
            throw new TimeoutException($"The frame waited for did not come. Received: {Summary()}");
        }

        var frame = ReceivedFrame.Parse(Encoding.UTF8.GetString(message.ToArray()));
        _frames.Add(frame);
        return frame;
    }

    private string Summary() => string.Join(", ", _frames.TakeLast(30).Select(frame => frame.Type));
}
