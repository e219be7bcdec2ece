using System.Net.WebSockets;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Transport.Contracts;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>
/// The one writer of a socket. Callers wait for their frame to leave, so nothing piles up for a slow client: it reads the run
/// log at its own pace, and is cut off when it takes nothing at all for a while.
/// </summary>
internal sealed class SocketWriter(WebSocket socket, TimeSpan sendTimeout, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public bool IsClosed => socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived);

    /// <returns>False when the connection is gone.</returns>
    public Task<bool> SendAsync(ConnectionFrame frame, string sessionId, CancellationToken cancellationToken) =>
        SendAsync(
            FrameWriter.Write(frame, ConnectionJsonContext.Default.ConnectionFrame, FrameEnvelope.New(sessionId, timeProvider)), cancellationToken);

    /// <inheritdoc cref="SendAsync(ConnectionFrame, string, CancellationToken)"/>
    public Task<bool> SendAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
        WriteAsync(token => socket.SendAsync(utf8, WebSocketMessageType.Text, endOfMessage: true, token), cancellationToken);

    public Task<bool> CloseAsync(int status, string reason, CancellationToken cancellationToken) =>
        WriteAsync(token => new(socket.CloseOutputAsync((WebSocketCloseStatus)status, reason, token)), cancellationToken);

    public void Abort() => socket.Abort();

    public void Dispose() => _gate.Dispose();

    private async Task<bool> WriteAsync(Func<CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (IsClosed)
            {
                return false;
            }

            // Not with the caller's token: a frame cut off halfway would break the connection for everybody who writes.
            using var timeout = new CancellationTokenSource(sendTimeout, timeProvider);
            await write(timeout.Token);
            return true;
        }
        catch (WebSocketException) when (socket.State is WebSocketState.CloseSent or WebSocketState.Closed or WebSocketState.Aborted)
        {
            // It was closed meanwhile; cutting it off would take the close back that is on its way.
            return false;
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            socket.Abort();
            return false;
        }
        finally
        {
            _gate.Release();
        }
    }
}
