using System.Net.Sockets;

namespace Aspire.Hosting.Processes;

/// <summary>Both directions between a client and the replica it got. It lasts no longer than the replica's process.</summary>
internal sealed class ForwardedConnection(Socket client, Socket server, TimeProvider timeProvider)
{
    // What a replica sent before its end still reaches a client that reads; one that does not read is not waited for.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Task serverExited, CancellationToken stopping)
    {
        client.NoDelay = true;
        server.NoDelay = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var both = Task.WhenAll(CopyAsync(client, server, stop.Token), CopyAsync(server, client, stop.Token));
        if (await Task.WhenAny(both, serverExited) == serverExited)
        {
            await Task.WhenAny(both, Task.Delay(DrainLimit, timeProvider, stop.Token));
            await stop.CancelAsync();
        }

        await both;
    }

    // The end of one direction is passed on as such, so that half-closed connections work; a break breaks both.
    private async Task CopyAsync(Socket from, Socket to, CancellationToken stopping)
    {
        var buffer = new byte[16_384];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, stopping)) > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stopping);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            client.Close(0);
            server.Close(0);
        }
    }
}
