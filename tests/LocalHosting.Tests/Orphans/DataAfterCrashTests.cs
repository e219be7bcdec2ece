using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Xunit.Abstractions;

namespace AiPlatform.LocalHosting.Tests.Orphans;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DataAfterCrashTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    private string DataFolder => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(HostProcess.Killed)]
    [InlineData(HostProcess.Interrupt)]
    [InlineData(HostProcess.Hangup)]
    public async Task Servers_HostSignalled_EndAndGiveTheirDataToTheNextHost(int signal)
    {
        using var host = StartHost();
        var runFile = Path.Combine(_folder, "run");
        var told = await host.ToldAsync(runFile);
        var pids = HostProcess.RecordedIn(told[0]);
        await Servers.RedisAsync(told[1], "SET kept yes");
        await Servers.SqlAsync(told[2], "create table kept (id int); insert into kept values (42)");

        host.Signal(signal);
        var survived = Pids.HowLongAnyLives(pids, Limit);
        await host.ExitCodeAsync();
        var started = Stopwatch.GetTimestamp();
        await using var next = await StartNextAsync();
        output.WriteLine(
            $"fault: signal {signal} to a host with its servers | the last process lived for {survived.TotalMilliseconds:0} ms | "
            + $"the next host had both healthy on the same data after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        Assert.Equal(3, pids.Count);
        Assert.True(survived < Limit, $"Somebody lived for {survived}.");
        Assert.Equal("yes", await Servers.RedisAsync((await next.GetConnectionStringAsync("redis"))!, "GET kept"));
        Assert.Equal("42", await Servers.SqlAsync((await next.GetConnectionStringAsync("chatdb"))!, "select id from kept"));
    }

    [Fact]
    public async Task Servers_HostKilledWhileADatabaseIsMade_AreMadeByTheNextHost()
    {
        using var host = StartHost();
        var mysql = Path.Combine(DataFolder, "mysql");
        await Until.TrueAsync(() => Directory.Exists(mysql) && Directory.GetDirectories(mysql, "new-*").Length > 0);

        host.Signal(HostProcess.Killed);
        await host.ExitCodeAsync();
        await using var next = await StartNextAsync();

        Assert.Equal("1", await Servers.SqlAsync((await next.GetConnectionStringAsync("chatdb"))!, "select 1"));
        Assert.Equal(["data"], Directory.GetDirectories(mysql).Select(Path.GetFileName));
    }

    private HostProcess StartHost() =>
        HostProcess.Start("--Graph=servers", $"--RunFile={Path.Combine(_folder, "run")}", $"--LocalHosting:DataFolder={DataFolder}");

    private async Task<DistributedApplication> StartNextAsync()
    {
        var builder = TestHosts.CreateKeeping(DataFolder);
        builder.AddRedis("redis").WithDataVolume();
        builder.AddMySql("mysql").WithDataVolume().AddDatabase("chatdb", "chat");
        var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestHosts.InTime());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("chatdb", TestHosts.InTime());
        return app;
    }
}
