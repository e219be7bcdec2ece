using Aspire.Hosting.Testing;

namespace AiPlatform.LocalHosting.Tests;

public sealed class GraphTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] Names = ["redis", "mysql", "practicedb", "chatdb", "api", "documents", "chat"];

    [Fact]
    public async Task Start_WholeGraph_BecomesHealthyAndStops()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<GraphTests>(limit.Token);
        await using var app = await builder.BuildAsync(limit.Token);

        await app.StartAsync(limit.Token);
        await Task.WhenAll(Names.Select(name => app.ResourceNotifications.WaitForResourceHealthyAsync(name, limit.Token)));
        using var client = app.CreateHttpClient("chat");
        var health = await client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token);
        await app.StopAsync(limit.Token);

        Assert.True(health.IsSuccessStatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token));
    }
}
