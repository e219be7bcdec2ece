using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests;

[Collection(GraphTests.Name)]
public sealed class RestartTests(GraphFixture graph)
{
    private static readonly string[] Services = ["api", "documents", "chat"];

    [Fact]
    public async Task Servers_Restarted_KeepPortAndDataAndTheServicesRecover()
    {
        var token = await graph.SignInAsync();
        using var api = graph.CreateClient("api", token);
        var clients = await api.GetStringAsync("/api/v1/clients");
        var connectionStrings = await ConnectionStringsAsync();
        var (servers, services) = (Pids("redis", "mysql"), Pids(Services));

        var results = await Task.WhenAll(Restart("redis"), Restart("mysql"));

        Assert.All(results, result => Assert.True(result.Success, result.Message));
        Assert.Empty(servers.Intersect(Pids("redis", "mysql")));
        await Eventually.BecomesTrueAsync(async () => await IsAnsweredAsync(api) && await AreHealthyAsync(), "all services are healthy again");
        Assert.Equal(clients, await api.GetStringAsync("/api/v1/clients"));
        Assert.Equal(connectionStrings, await ConnectionStringsAsync());
        Assert.Equal(services, Pids(Services));
    }

    private Task<ExecuteCommandResult> Restart(string server) => graph.App.ResourceCommands.ExecuteCommandAsync(server, KnownResourceCommands.RestartCommand);

    private static async Task<bool> IsAnsweredAsync(HttpClient api)
    {
        using var response = await api.GetAsync("/api/v1/clients");
        return response.StatusCode == HttpStatusCode.OK;
    }

    // By the word: a service that still goes without Redis answers 200 too, and the next test would meet it so.
    private async Task<bool> AreHealthyAsync()
    {
        foreach (var service in Services)
        {
            using var client = graph.App.CreateHttpClient(service);
            using var response = await client.GetAsync("/health");
            var health = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (health.GetProperty("status").GetString() != "Healthy")
            {
                return false;
            }
        }

        return true;
    }

    private async Task<string?[]> ConnectionStringsAsync() =>
        [await graph.App.GetConnectionStringAsync("redis"), await graph.App.GetConnectionStringAsync("mysql")];

    private List<object?> Pids(params string[] names) =>
        [.. names.Select(name => graph.App.ResourceNotifications.TryGetCurrentState(name, out var state)
            ? state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value
            : throw new InvalidOperationException($"{name} has no state."))];
}
