using System.Net.WebSockets;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.Services.Chat.Transport.Contracts;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>One socket from websocket_ready to its close: a loop that reads, a watch on the deadlines, and the follower that writes.</summary>
internal sealed class ChatConnection(
    WebSocket socket, ConnectionState state, SocketWriter writer, RunFollower follower, FrameHandler handler, SignInWatch signIns, TransportOptions options,
    ServiceInstance instance, TimeProvider timeProvider, CancellationToken stopping) : IDisposable
{
    private const string ProtocolVersion = "1.0";

    // How long the other side may take to answer our close before the connection is dropped.
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _signedOut = new();

    public async Task RunAsync(CancellationToken aborted)
    {
        using var linked = aborted.Register(() => Cancel());

        // Heard first and asked then, so that no end falls between the two.
        await using var listening = await signIns.ListenAsync(state, () => _ = _signedOut.CancelAsync(), aborted);
        if (await signIns.IsEndedAsync(state.User, aborted))
        {
            await CloseAsync(CloseCodes.TokenExpired, "signed out", null);
            return;
        }

        // The channel is heard before the client may speak, the frames go out after websocket_ready: the follower waits for its turn at the gate.
        var ready = new WebSocketReadyFrame(ProtocolVersion, (int)options.Heartbeat.TotalSeconds, instance.Id);
        if (!await writer.SendAsync(ready, state.Session.SessionId, CancellationToken.None))
        {
            return;
        }

        await follower.AttachAsync(state.Session, CancellationToken.None);
        var watching = WatchAsync(_ended.Token);
        try
        {
            await ReadAsync(_ended.Token);
        }
        finally
        {
            Cancel();
            await watching;
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _signedOut.Dispose();
    }

    private void Cancel()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same moment.
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var reader = new SocketReader(socket, options.MaxFrameBytes);
        try
        {
            while (true)
            {
                var message = await reader.ReadAsync(cancellationToken);
                state.LastFrameAt = timeProvider.GetUtcNow();
                switch (message.Kind)
                {
                    case SocketMessageKind.Closed:
                        await writer.CloseAsync(CloseCodes.Normal, string.Empty, CancellationToken.None);
                        return;
                    case SocketMessageKind.Binary:
                        await GoodbyeAsync(reader, CloseCodes.UnexpectedBinary, "binary frames are not expected", null, cancellationToken);
                        return;
                    case SocketMessageKind.TooLarge:
                        var problem = new ConnectionErrorFrame(
                            "message_too_large", "validation", $"A frame may have {options.MaxFrameBytes} bytes.", false, Correlation.Current);
                        await writer.SendAsync(problem, state.Session.SessionId, cancellationToken);
                        await GoodbyeAsync(reader, CloseCodes.TooBig, "message_too_large", null, cancellationToken);
                        return;
                    case SocketMessageKind.Text when !await handler.HandleAsync(state, writer, follower, message.Utf8, cancellationToken):
                        await GoodbyeAsync(reader, CloseCodes.Normal, "client_request", "client_request", cancellationToken);
                        return;
                }
            }
        }
        catch (WebSocketException exception) when (exception.WebSocketErrorCode is WebSocketError.Faulted)
        {
            // What came was no WebSocket message, such as text that is no UTF-8. The socket has sent the close that says so and reads no
            // more; ending the connection now could overtake it, so the client ends it, or time does.
            await Task.Delay(Goodbye, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The client went, or a deadline closed the connection.
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping, _signedOut.Token);
        var signedOut = false;
        try
        {
            while (true)
            {
                var now = timeProvider.GetUtcNow();
                var silent = state.LastFrameAt + (options.Heartbeat * options.MissedHeartbeats);
                var idle = state.LastRequestAt + options.Idle;
                if (stopping.IsCancellationRequested)
                {
                    await CloseAsync(CloseCodes.Shutdown, "shutdown", "shutdown");
                    break;
                }

                if (state.Caller.ExpiresAt <= now)
                {
                    await CloseAsync(CloseCodes.TokenExpired, "token expired", null);
                    break;
                }

                if (signedOut)
                {
                    await CloseAsync(CloseCodes.TokenExpired, "signed out", null);
                    break;
                }

                if (silent <= now || idle <= now)
                {
                    await CloseAsync(CloseCodes.Idle, silent <= now ? "no heartbeat" : "idle", "idle_timeout");
                    break;
                }

                var next = new[] { silent, idle, state.Caller.ExpiresAt, now + options.Heartbeat }.Min();
                await Task.Delay(next - now, timeProvider, wake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();

                // Asked too, because a message that Redis sent while it could not be heard is lost.
                signedOut = _signedOut.IsCancellationRequested || await signIns.IsEndedAsync(state.User, cancellationToken);
            }

            await Task.Delay(Goodbye, timeProvider, cancellationToken);
            Cancel();
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    private async Task CloseAsync(int code, string reason, string? closing)
    {
        if (closing is not null)
        {
            await writer.SendAsync(new ClosingFrame(closing), state.Session.SessionId, CancellationToken.None);
        }

        await writer.CloseAsync(code, reason, CancellationToken.None);
    }

    // What the client still sent is read away until it answers the close; a reset would destroy the frames on their way to it.
    private async Task GoodbyeAsync(SocketReader reader, int code, string reason, string? closing, CancellationToken cancellationToken)
    {
        await CloseAsync(code, reason, closing);
        await DrainAsync(reader, cancellationToken);
    }

    private static async Task DrainAsync(SocketReader reader, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Goodbye);
        try
        {
            while ((await reader.ReadAsync(patience.Token)).Kind != SocketMessageKind.Closed)
            {
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // It went without an answer, or took too long over it.
        }
    }
}
