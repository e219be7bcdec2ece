using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace AiPlatform.LocalHosting.Tests.Failures;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ServerFailureTests : IDisposable
{
    private readonly string _programs = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    /// <summary>The system refuses every byte past the limit, as a full disk does.</summary>
    [Theory]
    [InlineData("redis-server", 0, "File too large")]
    [InlineData("mariadbd", 64, "Probably out of disk space")]
    public async Task Server_ThatCannotWriteItsData_EndsTheWaitWithItsOwnWords(string program, int blocks, string words)
    {
        Wrap(program, $"trap '' XFSZ; ulimit -f {blocks}");
        var builder = TestHosts.Create($"--LocalHosting:ServerPath={_programs}");
        Add(builder, program);
        await using var app = await builder.StartAsync();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("server", TestHosts.InTime()));

        Assert.StartsWith("Stopped waiting for resource 'server' to become healthy because it failed to start. server-", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Message.Contains(words, StringComparison.Ordinal), exception.Message);
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("mariadbd")]
    public async Task Server_DyingAtItsStart_EndsTheWaitOfItsUsersWithItsLastLines(string program)
    {
        Wrap(program, "echo no licence found; exit 7");
        var builder = TestHosts.Create($"--LocalHosting:ServerPath={_programs}");
        builder.AddShell("service", "sleep 60").WaitFor(Add(builder, program));
        await using var app = await builder.StartAsync();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("service", TestHosts.InTime()));

        Assert.Contains("no licence found", exception.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 7", exception.Message, StringComparison.Ordinal);
    }

    private static IResourceBuilder<ContainerResource> Add(IDistributedApplicationBuilder builder, string program) =>
        program == "redis-server" ? builder.AddRedis("server").WithPersistence().WithDataVolume() : builder.AddMySql("server");

    private void Wrap(string program, string first)
    {
        var real = Aspire.Hosting.Processes.Programs.Find(program) ?? throw new InvalidOperationException($"{program} is not on this machine.");
        var path = Path.Combine(_programs, program);
        File.WriteAllText(path, $"#!/bin/sh\n{first}\nexec {real} \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
