using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AiPlatform.LocalHosting.Tests;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task CreateAsync_OfAppHost_GivesItsCompleteModelToChange()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<GraphFixture>(["--Graph=sleepers"], TestHosts.InTime());
        Assert.Equal(["sleeper", "snorer"], builder.Resources.Select(r => r.Name));
        builder.AddExecutable("added", "/bin/sh", "/", "-c", "echo hello; sleep 60");

        await using var app = await builder.BuildAsync(TestHosts.InTime());
        Assert.Throws<InvalidOperationException>(() => app.CreateHttpClient("sleeper"));
        await app.StartAsync(TestHosts.InTime());

        await app.ResourceNotifications.WaitForResourceAsync("added", KnownResourceStates.Running, TestHosts.InTime());
    }

    [Fact]
    public async Task CreateAsync_MainFails_ThrowsItsException()
    {
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<GraphFixture>(["--Graph=broken"], TestHosts.InTime()));

        Assert.Equal("This graph is broken.", exception.Message);
    }

    [Fact]
    public async Task CreateAsync_MainNeverBuilds_EndsAtTheLimit()
    {
        var exception = await Assert.ThrowsAsync<TimeoutException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<GraphFixture>(["--Graph=hanging", "--LocalHosting:WaitLimit=00:00:00.5"], TestHosts.InTime()));

        Assert.Equal("Waited 0.5 s for the entry point of 'LocalHosting.Tests' to build its application.", exception.Message);
    }

    [Fact]
    public async Task GetEndpoint_UnknownNames_Throws()
    {
        var builder = TestHosts.Create();
        builder.AddShell("job", "sleep 60");
        await using var app = await builder.StartAsync();

        Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("job", "http"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await app.GetConnectionStringAsync("job"));
    }
}
