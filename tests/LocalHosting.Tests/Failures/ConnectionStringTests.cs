using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Testing;

namespace AiPlatform.LocalHosting.Tests.Failures;

/// <summary>Connection strings from configuration, which stand in for the started servers.</summary>
public sealed class ConnectionStringTests
{
    private const string ShortWait = "--LocalHosting:WaitLimit=00:00:02";

    [Theory]
    [InlineData("redis", "localhost:6379,s3cret", "after its address it is not made of 'key=value' parted by ','")]
    [InlineData("redis", "password=s3cret", "it does not begin with a host")]
    [InlineData("redis", "localhost:s3cret", "its port is no number from 1 to 65535")]
    [InlineData("chatdb", "s3cret", "it is not made of 'key=value' parted by ';'")]
    [InlineData("chatdb", "Password=s3cret", "it has no 'Server'")]
    [InlineData("chatdb", "Server=localhost;Port=s3cret", "its 'Port' is no number from 1 to 65535")]
    [InlineData("mysql", "Server=localhost;Port=70000;Password=s3cret", "its 'Port' is no number from 1 to 65535")]
    public async Task ConnectionString_NotUnderstood_StopsTheStartAndIsNotRepeated(string name, string connectionString, string why)
    {
        var builder = TestHosts.Create($"--ConnectionStrings:{name}={connectionString}");
        AddServers(builder);
        await using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestHosts.InTime()));

        Assert.Equal($"The connection string of resource '{name}' is not understood: {why}.", exception.Message);
    }

    [Fact]
    public async Task ConnectionString_ToNobody_EndsTheWaitWithTheReason()
    {
        using var ports = new PortReservations();
        var port = ports.Take();
        var builder = TestHosts.Create(ShortWait, $"--ConnectionStrings:redis=localhost:{port}", $"--ConnectionStrings:chatdb=Server=localhost;Port={port};Password=s3cret");
        AddServers(builder);
        await using var app = await builder.StartAsync();

        Assert.Matches(
            $@"^Waited 2 s for resource 'redis' to become healthy\. redis-[a-z]{{8}} is Running \(redis_check: localhost:{port}: Connection refused.*\)\. It wrote no log lines\.$",
            await WaitFailsAsync(app, "redis"));
        Assert.Matches(
            $@"^Waited 2 s for resource 'chatdb' to become healthy\. chatdb-[a-z]{{8}} is Running \(chatdb_check: localhost:{port}: Connection refused.*$",
            await WaitFailsAsync(app, "chatdb"));
    }

    [Fact]
    public async Task ConnectionString_RefusedByTheServer_EndsEveryWaitWithTheReason()
    {
        var servers = TestHosts.Create();
        AddServers(servers);
        await using var there = await servers.StartAsync();
        await there.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestHosts.InTime());
        await there.ResourceNotifications.WaitForResourceHealthyAsync("chatdb", TestHosts.InTime());
        var redis = (await there.GetConnectionStringAsync("redis"))!.Split(',')[0];
        var server = (await there.GetConnectionStringAsync("mysql"))!;
        var builder = TestHosts.Create(
            ShortWait,
            $"--ConnectionStrings:redis={redis},password=s3cret",
            $"--ConnectionStrings:chatdb={server.Split("Password=")[0]}Password=s3cret;Database=chat",
            $"--ConnectionStrings:otherdb={server};Database=nowhere",
            $"--ConnectionStrings:gooddb={server};Database=chat");
        var (redisBuilder, mysql) = AddServers(builder);
        mysql.AddDatabase("otherdb", "other");
        mysql.AddDatabase("gooddb", "good");
        builder.AddShell("service", "sleep 60").WaitFor(redisBuilder).WithExplicitStart();
        await using var app = await builder.StartAsync();

        var reasons = await Task.WhenAll(WaitFailsAsync(app, "redis"), WaitFailsAsync(app, "chatdb"), WaitFailsAsync(app, "otherdb"));

        Assert.Contains("(redis_check: Answered '-WRONGPASS invalid username-password pair or user is disabled.'.)", reasons[0], StringComparison.Ordinal);
        Assert.Matches(@"\(chatdb_check: Access denied for user 'root'@'[^']+' \(using password: YES\)\)", reasons[1]);
        Assert.Contains("(otherdb_check: Unknown database 'nowhere')", reasons[2], StringComparison.Ordinal);

        // Not with the host: Redis has been asked by now.
        await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand, TestHosts.InTime());
        Assert.Equal("FailedToStart", app.Snapshot("service").State?.Text);
        Assert.Contains(await app.LogAsync("service"), l => l.Contains("Waited 2 s for resource 'redis' to become healthy", StringComparison.Ordinal) && l.Contains("-WRONGPASS", StringComparison.Ordinal));
        Assert.All(reasons, reason => Assert.DoesNotContain("s3cret", reason, StringComparison.Ordinal));
    }

    private static (IResourceBuilder<RedisResource> Redis, IResourceBuilder<MySqlServerResource> MySql) AddServers(IDistributedApplicationBuilder builder)
    {
        var mysql = builder.AddMySql("mysql");
        mysql.AddDatabase("chatdb", "chat");
        return (builder.AddRedis("redis"), mysql);
    }

    private static async Task<string> WaitFailsAsync(DistributedApplication app, string name)
    {
        // Once it was checked; a busy machine takes its time for that.
        await Until.TrueAsync(() => app.Snapshot(name).HealthReports.All(r => r.Status is not null));
        return (await Assert.ThrowsAsync<TimeoutException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync(name, TestHosts.InTime()))).Message;
    }
}
