using Aspire.Hosting;
using Aspire.Hosting.Processes;

namespace AiPlatform.LocalHosting.Tests.Failures;

/// <summary>Obstacles that stop the superuser too, to whom permission bits mean nothing.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DataFolderFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    private string DataFolder => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DataFolder_ThatIsAFile_IsNamed()
    {
        await File.WriteAllTextAsync(DataFolder, "");

        Assert.StartsWith($"'{DataFolder}' in the data folder cannot be used: ", await StartFailsAsync(DataFolder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_BelowAFile_IsNamed()
    {
        await File.WriteAllTextAsync(DataFolder, "");
        var below = Path.Combine(DataFolder, "deeper");

        Assert.StartsWith($"'{below}' in the data folder cannot be used: ", await StartFailsAsync(below), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_WithALockThatCannotBeOpened_IsNotCalledInUse()
    {
        Directory.CreateDirectory(Path.Combine(DataFolder, "host.lock"));

        Assert.StartsWith($"'{DataFolder}' in the data folder cannot be used: ", await StartFailsAsync(DataFolder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_OnAFullDisk_SaysSo()
    {
        Directory.CreateDirectory(DataFolder);
        File.CreateSymbolicLink(Path.Combine(DataFolder, "host.pid.new"), "/dev/full");

        Assert.StartsWith($"'{DataFolder}' in the data folder cannot be used: No space left on device", await StartFailsAsync(DataFolder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_OnAFullDisk_FailTheirUserAndLeaveTheOldOnes()
    {
        Directory.CreateDirectory(DataFolder);
        var secrets = Path.Combine(DataFolder, "secrets.json");
        await File.WriteAllTextAsync(secrets, """{"Parameters:other":"kept"}""");
        File.CreateSymbolicLink(secrets + ".new", "/dev/full");

        var reason = await RedisFailsAsync();

        Assert.Contains($"Failed to start: '{secrets}' in the data folder cannot be used: No space left on device", reason, StringComparison.Ordinal);
        Assert.Equal("""{"Parameters:other":"kept"}""", await File.ReadAllTextAsync(secrets));
    }

    [Theory]
    [InlineData("{\"Parameters:redis-password\":")]
    [InlineData(null)]
    public async Task Secrets_ThatCannotBeRead_FailTheirUser(string? content)
    {
        var secrets = Path.Combine(DataFolder, "secrets.json");
        Directory.CreateDirectory(content is null ? secrets : DataFolder);
        if (content is not null)
        {
            await File.WriteAllTextAsync(secrets, content);
        }

        Assert.Contains($"Failed to start: '{secrets}' in the data folder cannot be used: ", await RedisFailsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerFolder_ThatIsAFile_FailsItsServer()
    {
        Directory.CreateDirectory(DataFolder);
        var redis = Path.Combine(DataFolder, "redis");
        await File.WriteAllTextAsync(redis, "");

        Assert.Contains($"Failed to start: '{redis}' in the data folder cannot be used: ", await RedisFailsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void PortLocks_ThatCannotBeMade_AreNotCalledTaken()
    {
        File.WriteAllText(DataFolder, "");
        var folder = Path.Combine(DataFolder, "locks");
        using var ports = new PortReservations { Folder = folder };

        var exception = Assert.Throws<DistributedApplicationException>(() => ports.Take());

        Assert.StartsWith($"The folder '{folder}', which keeps hosts off each other's ports, cannot be used: ", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<string> StartFailsAsync(string dataFolder)
    {
        var builder = TestHosts.CreateKeeping(dataFolder);
        builder.AddRedis("redis").WithDataVolume();
        await using var app = builder.Build();
        return (await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestHosts.InTime()))).Message;
    }

    private async Task<string> RedisFailsAsync()
    {
        var builder = TestHosts.CreateKeeping(DataFolder);
        builder.AddRedis("redis").WithDataVolume();
        await using var app = await builder.StartAsync();
        return (await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestHosts.InTime()))).Message;
    }
}
