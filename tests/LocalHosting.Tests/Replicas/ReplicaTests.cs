using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests.Replicas;

public sealed class ReplicaTests
{
    [Fact]
    public async Task Replica_Killed_BreaksItsOwnConnectionsOnlyAndWaitsForTheRestartCommand()
    {
        var builder = TestHosts.Create();
        builder.AddWeb("web").WithReplicas(2);
        await using var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web", TestHosts.InTime());
        var url = app.GetEndpoint("web", "http");
        using var sockets = new EchoSockets();
        await sockets.OpenUntilAsync(url, () => sockets.Pids.Count == 2);
        var (dead, living) = (sockets[0].Pid, sockets.Pids.Single(p => p != sockets[0].Pid));
        var deadId = InstanceOf(app, dead);

        using (var process = Process.GetProcessById(dead))
        {
            process.Kill();
        }

        await Task.WhenAll(sockets.Of(dead).Select(s => s.BreaksAsync()));
        using var later = new EchoSockets();
        await later.OpenUntilAsync(url, () => later.Count == 6);
        Assert.Equal([living], later.Pids);
        Assert.All(await Task.WhenAll(sockets.Of(living).Concat(later.Of(living)).Select(s => s.EchoAsync("still here"))), text => Assert.Equal("still here", text));

        var end = await app.ResourceNotifications.WaitForResourceAsync(deadId, e => e.Snapshot.ExitCode is not null, TestHosts.InTime());
        Assert.Equal(("Finished", "error", 137), (end.Snapshot.State?.Text, end.Snapshot.State?.Style, end.Snapshot.ExitCode));
        Assert.Contains(await app.LogAsync(deadId), l => l.Contains("Now listening on", StringComparison.Ordinal));

        var restarted = await app.ResourceCommands.ExecuteCommandAsync(deadId, KnownResourceCommands.RestartCommand, TestHosts.InTime());
        Assert.True(restarted.Success, restarted.Message);
        using var again = new EchoSockets();
        await again.OpenUntilAsync(url, () => again.Pids.Count == 2);
        Assert.Contains(living, again.Pids);
        Assert.DoesNotContain(dead, again.Pids);
        Assert.Equal("undisturbed", await sockets.Of(living)[0].EchoAsync("undisturbed"));
    }

    private static string InstanceOf(DistributedApplication app, int pid) => Assert.Single(
        app.Services.GetRequiredService<Orchestrator>().Find("web").Select(i => i.Id),
        id => app.Snapshot(id).Properties.Single(p => p.Name == "executable.pid").Value is int own && own == pid);

    private sealed class EchoSockets : IDisposable
    {
        private readonly List<EchoSocket> _sockets = [];

        public int Count => _sockets.Count;

        public IReadOnlyCollection<int> Pids => [.. _sockets.Select(s => s.Pid).Distinct()];

        public EchoSocket this[int index] => _sockets[index];

        public List<EchoSocket> Of(int pid) => [.. _sockets.Where(s => s.Pid == pid)];

        public async Task OpenUntilAsync(Uri url, Func<bool> isEnough)
        {
            var limit = TestHosts.InTime();
            while (!isEnough())
            {
                limit.ThrowIfCancellationRequested();
                _sockets.Add(await EchoSocket.ConnectAsync(url));
            }
        }

        public void Dispose() => _sockets.ForEach(s => s.Dispose());
    }
}
