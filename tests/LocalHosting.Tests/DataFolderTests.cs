using Aspire.Hosting;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Testing;

namespace AiPlatform.LocalHosting.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Volume_NextRun_FindsDataUnderTheSamePassword()
    {
        string firstRedis, firstMySql;
        await using (var app = await StartAsync())
        {
            firstRedis = (await app.GetConnectionStringAsync("redis"))!;
            firstMySql = (await app.GetConnectionStringAsync("chatdb"))!;
            await Servers.RedisAsync(firstRedis, "SET kept yes");
            await Servers.SqlAsync(firstMySql, "create table kept (id int); insert into kept values (42)");
        }

        await using var second = await StartAsync();
        var redis = (await second.GetConnectionStringAsync("redis"))!;
        var mysql = (await second.GetConnectionStringAsync("chatdb"))!;

        Assert.Equal("yes", await Servers.RedisAsync(redis, "GET kept"));
        Assert.Equal("42", await Servers.SqlAsync(mysql, "select id from kept"));
        Assert.Equal(firstRedis.Split("password=")[1], redis.Split("password=")[1]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "secrets.json")));
    }

    [Fact]
    public async Task Volume_InUseByAnotherHost_NamesItsProcess()
    {
        var builder = TestHosts.CreateKeeping(_folder);
        builder.AddRedis("redis").WithDataVolume();
        await using var first = await builder.StartAsync();
        var other = TestHosts.CreateKeeping(_folder);
        other.AddRedis("redis").WithDataVolume();
        await using var second = other.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => second.StartAsync(TestHosts.InTime()));

        Assert.Contains($"process {Environment.ProcessId}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThrowAway_AfterStop_LeavesNothing()
    {
        var builder = TestHosts.Create($"--LocalHosting:DataFolder={_folder}");
        builder.AddRedis("redis").WithDataVolume();
        await using var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestHosts.InTime());
        var directory = DataFolders.Of(builder).RunFolder;
        Assert.True(Directory.Exists(Path.Combine(directory, "redis", "appendonlydir")));

        await app.StopAsync(TestHosts.InTime());

        Assert.False(Directory.Exists(directory));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private async Task<DistributedApplication> StartAsync()
    {
        var builder = TestHosts.CreateKeeping(_folder);
        builder.AddRedis("redis").WithDataVolume();
        builder.AddMySql("mysql").WithDataVolume().AddDatabase("chatdb", "chat");
        var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestHosts.InTime());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("chatdb", TestHosts.InTime());
        return app;
    }
}
