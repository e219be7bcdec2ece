using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>No wait in a test host is endless, and none ends without telling what it was for.</summary>
public sealed class WaitLimitTests
{
    private const string ShortWait = "--LocalHosting:WaitLimit=00:00:00.5";
    private const string LongWait = "--LocalHosting:WaitLimit=01:00:00";
    private const string Known = @"job-[a-z]{8} is Running \(gate: closed\)\. Its last log lines:\n    here$";

    [Fact]
    public async Task Wait_OverItsLimit_SaysForWhatAndWhatIs()
    {
        await using var app = await StartAsync();
        var notifications = app.ResourceNotifications;

        await TimesOutAsync("job", "to become healthy", () => notifications.WaitForResourceHealthyAsync("job", TestHosts.InTime()));
        await TimesOutAsync("job", "to become healthy", () => notifications.WaitForResourceHealthyAsync("job", WaitBehavior.WaitOnResourceUnavailable, TestHosts.InTime()));
        await TimesOutAsync("job", "to be Finished", () => notifications.WaitForResourceAsync("job", "Finished", TestHosts.InTime()));
        await TimesOutAsync("job", "to be Finished or Exited", () => notifications.WaitForResourceAsync("job", ["Finished", "Exited"], TestHosts.InTime()));
        await TimesOutAsync("job", "to meet a condition", () => notifications.WaitForResourceAsync("job", _ => false, TestHosts.InTime()));
        var unknown = await Assert.ThrowsAsync<TimeoutException>(() => notifications.WaitForResourceAsync("nobody", "Running", TestHosts.InTime()));
        Assert.Equal("Waited 0.5 s for resource 'nobody' to be Running. Nothing is known of it.", unknown.Message);
    }

    [Theory]
    [InlineData("healthy", "to become healthy")]
    [InlineData("completed", "to complete")]
    public async Task Waiter_OverTheLimit_FailsWithTheReasonInItsLog(string kind, string goal)
    {
        await using var app = await StartAsync((builder, job) =>
        {
            // Not with the host: it has to find the job running and looked at.
            var waiter = builder.AddShell("waiter", "sleep 60").WithExplicitStart();
            _ = kind == "healthy" ? waiter.WaitFor(job) : waiter.WaitForCompletion(job);
        });

        var started = await app.ResourceCommands.ExecuteCommandAsync("waiter", KnownResourceCommands.StartCommand, TestHosts.InTime());

        Assert.Equal((false, "FailedToStart"), (started.Success, app.Snapshot("waiter").State?.Text));
        Assert.Matches($"^Failed to start: Waited 0\\.5 s for resource 'job' {goal}\\. {Known}", Assert.Single(await app.LogAsync("waiter")));
    }

    [Fact]
    public async Task Wait_OfAReadyHandlerThatHangs_EndsAtTheLimit()
    {
        var builder = TestHosts.Create(ShortWait);
        builder.AddShell("job", "sleep 60").OnResourceReady((_, _, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        await using var app = await builder.StartAsync();
        await Until.TrueAsync(() => app.Snapshot("job").HealthStatus == HealthStatus.Healthy);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("job", TestHosts.InTime()));

        Assert.StartsWith("Waited 0.5 s for resource 'job' to have its ready event handled. job-", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_CancelledByItsCaller_SaysForWhatAndWhatIs()
    {
        await using var app = await StartAsync(wait: LongWait);
        using var cancelled = new CancellationTokenSource();

        var wait = app.ResourceNotifications.WaitForResourceHealthyAsync("job", cancelled.Token);
        await cancelled.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Matches($"^Stopped waiting for resource 'job' to become healthy\\. {Known}", exception.Message);
    }

    [Fact]
    public async Task Health_BadForAWhile_IsTold()
    {
        var log = new ListLogger();
        await using var app = await StartAsync((builder, _) =>
        {
            builder.Services.AddSingleton<TimeProvider>(new FastTimeProvider());
            builder.Services.AddLogging(logging => logging.AddProvider(log));
        });

        await Until.TrueAsync(() => log.Lines.Any(l => l == "Warning: job is not healthy: (gate: closed)"));
    }

    private static async Task<DistributedApplication> StartAsync(Action<IDistributedApplicationBuilder, IResourceBuilder<ExecutableResource>>? more = null, string wait = ShortWait)
    {
        var builder = TestHosts.Create(wait);
        builder.Services.AddHealthChecks().AddCheck("gate", () => HealthCheckResult.Unhealthy("closed"));
        var job = builder.AddShell("job", "echo here; sleep 60").WithHealthCheck("gate");
        more?.Invoke(builder, job);
        var app = await builder.StartAsync();
        await app.WaitForLineAsync("job", "here");
        await Until.TrueAsync(() => app.Snapshot("job").HealthReports is [{ Status: not null }]);
        return app;
    }

    private static async Task TimesOutAsync(string name, string goal, Func<Task> wait)
    {
        var exception = await Assert.ThrowsAsync<TimeoutException>(wait);
        Assert.Matches($"^Waited 0\\.5 s for resource '{name}' {goal}\\. {Known}", exception.Message);
    }

    /// <summary>An hour a minute, for what is only told after a while.</summary>
    private sealed class FastTimeProvider : TimeProvider
    {
        public override long GetTimestamp() => base.GetTimestamp() * 60;
    }
}
