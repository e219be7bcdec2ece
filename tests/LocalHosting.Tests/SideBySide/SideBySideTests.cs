using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AiPlatform.LocalHosting.Tests.SideBySide;

public sealed class SideBySideTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TestHosts_FourAtOnce_ShareNothingAndEndAlone()
    {
        var apps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(StartAsync)));
        try
        {
            var uses = apps.Select(HostUse.Of).ToList();
            Assert.All(uses, use => Assert.Equal((3, 5), (use.Pids.Count, use.Ports.Distinct().Count())));
            HostUse.AssertNothingShared(uses);

            await apps[0].StopAsync(TestHosts.InTime());

            Assert.DoesNotContain(uses[0].Pids, Pids.IsAlive);
            Assert.All(uses.Skip(1).SelectMany(u => u.Pids), pid => Assert.True(Pids.IsAlive(pid)));
            foreach (var app in apps.Skip(1))
            {
                Assert.Equal("+PONG", await Servers.RedisAsync((await app.GetConnectionStringAsync("redis"))!, "PING"));
                Assert.NotEmpty(await app.GetAsync("web", "/pid"));
            }
        }
        finally
        {
            await Task.WhenAll(apps.Select(a => a.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task Runs_OfTwoCheckoutsBesideATest_ShareNothing()
    {
        var checkouts = new[] { "first", "second" }.Select(name => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName).ToList();
        using var first = StartRun(checkouts[0]);
        using var second = StartRun(checkouts[1]);
        await using var test = await StartAsync();
        HostUse[] uses =
        [
            await HostUse.OfAsync(await first.ToldAsync(RunFile(checkouts[0])), Path.Combine(checkouts[0], ".data")),
            await HostUse.OfAsync(await second.ToldAsync(RunFile(checkouts[1])), Path.Combine(checkouts[1], ".data")),
        ];

        Assert.All(uses, use => Assert.True(Directory.Exists(Path.Combine(use.Folders[1], "mysql", "data"))));
        Assert.All(uses, use => Assert.Equal(3, use.Pids.Count));
        HostUse.AssertNothingShared([.. uses, HostUse.Of(test)]);

        first.Signal(HostProcess.Interrupt);
        Assert.Equal(0, await first.ExitCodeAsync());
        Assert.DoesNotContain(uses[0].Pids, Pids.IsAlive);
        Assert.All(uses[1].Pids, pid => Assert.True(Pids.IsAlive(pid)));
        second.Signal(HostProcess.Interrupt);
        Assert.Equal(0, await second.ExitCodeAsync());
    }

    [Fact]
    public async Task Port_OfALaunchProfileInUse_IsGivenUpForAFreeOne()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var builder = TestHosts.Create();
        var job = builder.AddShell("job", "sleep 60")
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "http", name: "http", port: port) { IsPortWished = true });
        await using var app = await builder.StartAsync();

        Assert.NotEqual(port, job.GetEndpoint("http").Port);
    }

    private static async Task<DistributedApplication> StartAsync()
    {
        var builder = TestHosts.Create();
        var redis = builder.AddRedis("redis");
        builder.AddWeb("web").WithReplicas(2).WithReference(redis).WaitFor(redis);
        var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web", TestHosts.InTime());
        return app;
    }

    // No data folder is given: each has the default one of its own checkout.
    private static HostProcess StartRun(string checkout) => HostProcess.StartIn(checkout, "--Graph=servers", $"--RunFile={RunFile(checkout)}");

    private static string RunFile(string checkout) => Path.Combine(checkout, "run");
}
