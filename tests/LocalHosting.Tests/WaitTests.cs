using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.LocalHosting.Tests;

public sealed class WaitTests
{
    [Fact]
    public async Task WaitForCompletion_ExpectedExitCode_StartsWaiter()
    {
        var builder = TestHosts.Create();
        var migration = builder.AddShell("migration", "exit 3");
        builder.AddShell("service", "echo started; sleep 60").WaitForCompletion(migration, exitCode: 3);
        await using var app = await builder.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("service", "Running", TestHosts.InTime());

        Assert.Equal(3, app.Snapshot("migration").ExitCode);
    }

    [Fact]
    public async Task WaitForCompletion_OtherExitCode_FailsWaiterWithReason()
    {
        var builder = TestHosts.Create();
        var migration = builder.AddShell("migration", "echo table is missing; exit 1");
        builder.AddShell("service", "sleep 60").WaitForCompletion(migration);
        await using var app = await builder.StartAsync();

        var end = await app.WaitForEndAsync("service");

        Assert.Equal("FailedToStart", end.State?.Text);
        var log = string.Join('\n', await app.LogAsync("service"));
        Assert.Contains("did not complete with exit code 0", log, StringComparison.Ordinal);
        Assert.Contains("table is missing", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_DependencyNotHealthyYet_WaitsAndSaysForWhat()
    {
        var healthy = false;
        var builder = TestHosts.Create();
        builder.Services.AddHealthChecks().AddCheck("gate", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("closed"));
        var dependency = builder.AddShell("dependency", "sleep 60").WithHealthCheck("gate");
        builder.AddShell("service", "sleep 60").WaitFor(dependency);
        await using var app = await builder.StartAsync();

        var waiting = await app.ResourceNotifications.WaitForResourceAsync("service", e => e.Snapshot.State?.Text == "Waiting", TestHosts.InTime());
        var named = Assert.Single(waiting.Snapshot.Properties, p => p.Name == "resource.waitingFor");
        Assert.Equal("dependency", named.Value);
        await app.ResourceNotifications.WaitForResourceAsync("dependency", e => e.Snapshot.HealthStatus == HealthStatus.Unhealthy, TestHosts.InTime());

        Volatile.Write(ref healthy, true);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service", TestHosts.InTime());
    }

    [Fact]
    public async Task WaitForStart_UnhealthyDependency_DoesNotHoldBack()
    {
        var builder = TestHosts.Create();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var dependency = builder.AddShell("dependency", "sleep 60").WithHealthCheck("never");
        builder.AddShell("service", "sleep 60").WaitForStart(dependency);
        await using var app = await builder.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("service", "Running", TestHosts.InTime());
    }

    [Fact]
    public async Task WaitForResourceHealthy_ResourceEnded_ThrowsWithExitCodeAndLast50Lines()
    {
        var builder = TestHosts.Create();
        builder.AddShell("service", "for i in $(seq 60); do echo line $i; done; exit 7");
        await using var app = await builder.StartAsync();
        await app.WaitForEndAsync("service");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("service", TestHosts.InTime()));

        var lines = exception.Message.Split(Environment.NewLine);
        Assert.Matches(
            "^Stopped waiting for resource 'service' to become healthy because it failed to start. service-[a-z]{8} is Finished with exit code 7. Its last log lines:$", lines[0]);
        Assert.Equal(Enumerable.Range(11, 50).Select(i => $"    line {i}"), lines[1..]);
    }

    [Fact]
    public async Task WaitForResourceHealthy_UnknownName_Throws()
    {
        await using var app = await TestHosts.Create().StartAsync();

        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("nobody", TestHosts.InTime()));
    }

    [Fact]
    public async Task ResourceReady_HandlerRunning_HoldsWaitersBack()
    {
        var release = new TaskCompletionSource();
        var builder = TestHosts.Create();
        var dependency = builder.AddShell("dependency", "sleep 60").OnResourceReady((_, _, _) => release.Task);
        builder.AddShell("service", "sleep 60").WaitFor(dependency);
        await using var app = await builder.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("service", "Waiting", TestHosts.InTime());
        await app.ResourceNotifications.WaitForResourceAsync("dependency", "Running", TestHosts.InTime());
        Assert.NotEqual("Running", app.Snapshot("service").State?.Text);

        release.SetResult();
        await app.ResourceNotifications.WaitForResourceAsync("service", "Running", TestHosts.InTime());
    }

    [Fact]
    public void Build_CircleOfWaits_NamesIt()
    {
        var builder = TestHosts.Create();
        var first = builder.AddShell("first", "true");
        var second = builder.AddShell("second", "true").WaitFor(first);
        var third = builder.AddShell("third", "true").WaitFor(second);
        first.WaitFor(third);

        var exception = Assert.Throws<DistributedApplicationException>(() => builder.Build());

        Assert.Contains("first -> third -> second -> first", exception.Message, StringComparison.Ordinal);
    }
}
