using System.Net.Sockets;
using AiPlatform.Tests.Common;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.LocalHosting.Tests.Replicas;

public sealed class ConnectionAcceptorTests
{
    [Fact]
    public async Task Accept_FaultLasts_IsTriedOncePerPauseAndGoesOnAfterIt()
    {
        var time = new TestTimeProvider();
        var accepted = new TaskCompletionSource<Socket>();
        var attempts = 0;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var stopping = new CancellationTokenSource();
        var acceptor = new ConnectionAcceptor(Accept, accepted.SetResult, time, NullLogger.Instance);

        var loop = acceptor.RunAsync(stopping.Token);

        Assert.Equal(1, attempts);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, attempts);
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return Volatile.Read(ref attempts) == 5;
        });
        Assert.Same(socket, await accepted.Task);
        await stopping.CancelAsync();
        await loop.WaitAsync(TestHosts.InTime());

        // Fails at once three times, then a connection comes, then none.
        ValueTask<Socket> Accept(CancellationToken cancellationToken) => ++attempts switch
        {
            <= 3 => throw new SocketException((int)SocketError.TooManyOpenSockets),
            4 => new(socket),
            _ => new(Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith<Socket>(_ => throw new OperationCanceledException(cancellationToken), TaskScheduler.Default)),
        };
    }
}
