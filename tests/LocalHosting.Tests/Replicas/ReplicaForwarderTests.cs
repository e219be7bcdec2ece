using System.Net;
using System.Net.Sockets;
using System.Text;
using AiPlatform.Tests.Common;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.LocalHosting.Tests.Replicas;

public sealed class ReplicaForwarderTests : IAsyncDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly PortReservations _ports = new();
    private readonly List<FakeReplica> _replicas = [];
    private ReplicaForwarder? _forwarder;
    private int _port;

    public async ValueTask DisposeAsync()
    {
        await (_forwarder?.DisposeAsync() ?? default);
        _replicas.ForEach(r => r.Dispose());
        _ports.Dispose();
    }

    [Fact]
    public async Task Connections_WithADeadReplica_AreSharedEvenlyByTheLiving()
    {
        Forward(replicas: 3);
        _replicas[1].Die();

        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        using var third = await ConnectAsync();
        using var fourth = await ConnectAsync();

        foreach (var living in (FakeReplica[])[_replicas[0], _replicas[2], _replicas[0], _replicas[2]])
        {
            using var served = await living.AcceptAsync();
        }

        Assert.False(_replicas[1].HasWaiting);
    }

    [Fact]
    public async Task Connection_RefusedByALivingReplica_GoesToTheNext()
    {
        Forward(replicas: 2);
        _replicas[0].StopListening();

        for (var i = 0; i < 4; i++)
        {
            using var client = await ConnectAsync();
            using var server = await _replicas[1].AcceptAsync();
        }
    }

    [Fact]
    public async Task Connection_WithNobodyAlive_IsReset()
    {
        Forward(replicas: 2);
        _replicas.ForEach(r => r.Die());

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = await ConnectAsync();
            await ReadToEndAsync(client);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HalfClose_OfEitherSide_IsPassedOnAndTheOtherDirectionGoesOn(bool clientFirst)
    {
        Forward(replicas: 1);
        using var client = await ConnectAsync();
        using var server = await _replicas[0].AcceptAsync();
        var (first, second) = clientFirst ? (client, server) : (server, client);

        await first.SendAsync("question"u8.ToArray(), TestHosts.InTime());
        first.Shutdown(SocketShutdown.Send);
        var question = await ReadToEndAsync(second);
        await second.SendAsync("answer"u8.ToArray(), TestHosts.InTime());
        second.Shutdown(SocketShutdown.Send);

        Assert.Equal("question", question);
        Assert.Equal("answer", await ReadToEndAsync(first));
        await Until.TrueAsync(() => _forwarder!.ConnectionCount == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_OfEitherSide_ResetsTheOther(bool clientFirst)
    {
        Forward(replicas: 1);
        using var client = await ConnectAsync();
        using var server = await _replicas[0].AcceptAsync();
        var (first, second) = clientFirst ? (client, server) : (server, client);

        first.Close(0);

        await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(second));
    }

    [Fact]
    public async Task Connection_OfAReplicaThatEndedButIsHeldOpen_EndsAfterTheDrain()
    {
        Forward(replicas: 1);
        using var client = await ConnectAsync();
        using var server = await _replicas[0].AcceptAsync();
        await server.SendAsync("last words"u8.ToArray(), TestHosts.InTime());
        await client.ReceiveAsync(new byte[10], TestHosts.InTime());

        _replicas[0].Die();
        var read = ReadToEndAsync(client);
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return read.IsCompleted;
        });

        await Assert.ThrowsAsync<SocketException>(() => read);
        await Until.TrueAsync(() => _forwarder!.ConnectionCount == 0);
    }

    [Fact]
    public async Task Dispose_WithOpenConnections_ClosesThemAndTakesNoMore()
    {
        Forward(replicas: 1);
        using var client = await ConnectAsync();
        using var server = await _replicas[0].AcceptAsync();

        await _forwarder!.DisposeAsync();

        Assert.Equal(0, _forwarder.ConnectionCount);
        await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(client));
        await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        _forwarder = null;
    }

    private void Forward(int replicas)
    {
        for (var i = 0; i < replicas; i++)
        {
            _replicas.Add(new FakeReplica());
        }

        _port = _ports.Take();
        _forwarder = new(_port, [.. _replicas.Select(r => new ReplicaTarget(r.Port, () => r.Exited))], _time, NullLogger.Instance);
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _port, TestHosts.InTime());
        return client;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[256];
        int count;
        while ((count = await socket.ReceiveAsync(buffer, TestHosts.InTime())) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private sealed class FakeReplica : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _exited = new();

        public FakeReplica()
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        }

        public int Port { get; }

        public bool HasWaiting => _listener.Pending();

        public Task Exited => _exited.Task;

        public async Task<Socket> AcceptAsync() => await _listener.AcceptSocketAsync(TestHosts.InTime());

        public void StopListening() => _listener.Stop();

        public void Die() => _exited.SetResult();

        public void Dispose() => _listener.Dispose();
    }
}
