using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Processes;

/// <summary>
/// Takes connections until told to stop. A fault that lasts, as when the system has no file descriptors left, is told once and
/// tried again after a pause: clients wait in the backlog meanwhile and no processor is burnt.
/// </summary>
internal sealed partial class ConnectionAcceptor(
    Func<CancellationToken, ValueTask<Socket>> accept, Action<Socket> accepted, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private bool _isFaulted;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await AcceptAsync(stopping);
            }
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end that was asked for.
        }
    }

    private async Task AcceptAsync(CancellationToken stopping)
    {
        try
        {
            accepted(await accept(stopping));
            _isFaulted = false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
        {
            // A connection that broke before it was accepted is its client's matter.
        }
        catch (SocketException exception) when (!stopping.IsCancellationRequested)
        {
            if (!_isFaulted)
            {
                LogFaulted(exception);
            }

            _isFaulted = true;
            await Task.Delay(Pause, timeProvider, stopping);
        }
    }

    [LoggerMessage(LogLevel.Warning, "No connection can be accepted; it is tried again until one can.")]
    private partial void LogFaulted(Exception exception);
}
