using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_NoDependencies_IsHealthyForEverybody()
    {
        await using var service = await TestService.StartAsync();

        Assert.Equal((HttpStatusCode.OK, """{"status":"Healthy","checks":{}}"""), await AskAsync(service, "/health"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"Healthy","checks":{}}"""), await AskAsync(service, "/alive"));
    }

    [Fact]
    [Trait("Spec", "T004-129")]
    public async Task Health_ServersLostAndBack_SaysWhichAndRecoversWhileAliveStays()
    {
        await using var mariaDb = await MariaDbServer.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var service = await TestService.StartAsync(
            configure: builder =>
            {
                builder.AddMySqlDataSource("db", typeof(HealthTests).Assembly);
                builder.AddRedisClient("redis");
            },
            settings: new()
            {
                ["ConnectionStrings:db"] = await mariaDb.CreateDatabaseAsync("health"),
                ["ConnectionStrings:redis"] = redis.ConnectionString,
            });
        const string healthy = """{"status":"Healthy","checks":{"mysql":{"status":"Healthy"},"redis":{"status":"Healthy"}}}""";
        Assert.Equal((HttpStatusCode.OK, healthy), await AskAsync(service, "/health"));

        // What a service can do without (Redis) degrades it; what it cannot do without (MySQL) takes it out.
        await redis.KillAsync();
        await SettlesAsync(
            service,
            HttpStatusCode.OK,
            """{"status":"Degraded","checks":{"mysql":{"status":"Healthy"},"redis":{"status":"Degraded","description":"Redis could not be reached."}}}""");

        await mariaDb.KillAsync();
        await SettlesAsync(
            service,
            HttpStatusCode.ServiceUnavailable,
            """{"status":"Unhealthy","checks":{"mysql":{"status":"Unhealthy","description":"The database could not be reached."},"redis":{"status":"Degraded","description":"Redis could not be reached."}}}""");
        Assert.Equal((HttpStatusCode.OK, """{"status":"Healthy","checks":{}}"""), await AskAsync(service, "/alive"));

        await Task.WhenAll(mariaDb.StartAgainAsync(), redis.StartAgainAsync());
        await Eventually.BecomesTrueAsync(async () => await AskAsync(service, "/health") == (HttpStatusCode.OK, healthy), "healthy again");
    }

    [Fact]
    public async Task Health_ServersFrozen_AnswersWithinItsBound()
    {
        await using var mariaDb = await MariaDbServer.StartAsync();
        await using var service = await TestService.StartAsync(
            configure: builder => builder.AddMySqlDataSource("db", typeof(HealthTests).Assembly),
            settings: new() { ["ConnectionStrings:db"] = await mariaDb.CreateDatabaseAsync("health") });

        await mariaDb.FreezeAsync();
        var (status, body) = await AskAsync(service, "/health").WaitAsync(Eventually.Timeout);

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"status":"Unhealthy","checks":{"mysql":{"status":"Unhealthy","description":"The database did not answer within 2 s."}}}"""),
            (status, body));
        await mariaDb.ThawAsync();
    }

    // The status is right from the first answer on. The reason may take another: the first to ask may hold a connection that was open when
    // the server died, and learns that it was lost; whoever comes after finds nobody to connect to.
    private static async Task SettlesAsync(TestService service, HttpStatusCode status, string body)
    {
        (HttpStatusCode Status, string Body) answer = default;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                answer = await AskAsync(service, "/health");
                Assert.Equal((status, StatusIn(body)), (answer.Status, StatusIn(answer.Body)));
                return !answer.Body.Contains(" was lost.", StringComparison.Ordinal);
            },
            "health says that nobody is there");
        Assert.Equal((status, body), answer);
    }

    private static string StatusIn(string body) => JsonNode.Parse(body)!["status"]!.GetValue<string>();

    // Without the durations, which nobody can foretell.
    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(TestService service, string path)
    {
        var response = await service.GetAsync(path);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        foreach (var (_, check) in body["checks"]!.AsObject())
        {
            Assert.True(check!["durationMs"]!.GetValueKind() is JsonValueKind.Number && check.AsObject().Remove("durationMs"));
        }

        return (response.StatusCode, body.ToJsonString());
    }
}
