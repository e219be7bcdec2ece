using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>This assembly's own AppHost, booted once through the testing builder.</summary>
public sealed class GraphFixture : IAsyncLifetime
{
    public static readonly string[] Names = ["redis", "mysql", "practicedb", "chatdb", "api", "documents", "chat"];
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;

    public DistributedApplication App => _app!;

    public async Task InitializeAsync()
    {
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<GraphFixture>(["--Chat:Replicas=2"], TestHosts.InTime());
        _app = await _builder.BuildAsync(TestHosts.InTime());
        await _app.StartAsync(TestHosts.InTime());
        await Task.WhenAll(Names.Select(name => _app.ResourceNotifications.WaitForResourceHealthyAsync(name, TestHosts.InTime())));
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await _builder!.DisposeAsync();
    }
}
