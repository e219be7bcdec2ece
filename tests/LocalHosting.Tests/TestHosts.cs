using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>Hosts built inside a test, of executables mostly: a shell starts in no time.</summary>
internal static class TestHosts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The one generous limit of every wait.</summary>
    public static CancellationToken InTime() => new CancellationTokenSource(Limit).Token;

    public static IDistributedApplicationBuilder Create(params string[] args) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true, IsTestHost = true });

    /// <summary>As outside of tests: data is kept in the given folder.</summary>
    public static IDistributedApplicationBuilder CreateKeeping(string dataFolder) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [$"--LocalHosting:DataFolder={dataFolder}"], DisableDashboard = true });

    public static IResourceBuilder<ExecutableResource> AddShell(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", Path.GetTempPath(), "-c", script);

    public static IResourceBuilder<ProjectResource> AddWeb(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<WebProject>(name).WithArgs("web").WithHttpEndpoint().WithHttpHealthCheck("/health");

    public static async Task<DistributedApplication> StartAsync(this IDistributedApplicationBuilder builder)
    {
        var app = builder.Build();
        await app.StartAsync(InTime());
        return app;
    }

    public static async Task<CustomResourceSnapshot> WaitForEndAsync(this DistributedApplication app, string name)
    {
        var ended = await app.ResourceNotifications.WaitForResourceAsync(
            name, e => e.Snapshot.State?.Text is "Finished" or "Exited" or "FailedToStart", InTime());
        return ended.Snapshot;
    }

    public static CustomResourceSnapshot Snapshot(this DistributedApplication app, string name) =>
        app.ResourceNotifications.TryGetCurrentState(name, out var state) ? state.Snapshot : throw new InvalidOperationException($"{name} has no state.");

    public static async Task<List<string>> LogAsync(this DistributedApplication app, string name)
    {
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(name))
        {
            lines.AddRange(batch.Select(l => l.Content[(l.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        }

        return lines;
    }

    public static async Task WaitForLineAsync(this DistributedApplication app, string name, string line)
    {
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(name).WithCancellation(InTime()))
        {
            if (batch.Any(l => l.Content.EndsWith(' ' + line, StringComparison.Ordinal)))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{name} ended without writing '{line}'.");
    }

    public static async Task<string> GetAsync(this DistributedApplication app, string name, string path)
    {
        using var client = app.CreateHttpClient(name);
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), InTime());
    }
}
