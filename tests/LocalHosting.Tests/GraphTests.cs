using System.Net;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests;

public sealed class GraphTests(GraphFixture fixture) : IClassFixture<GraphFixture>
{
    [Fact]
    public async Task Environment_OfProject_IsWhatAspireInjects()
    {
        var app = fixture.App;
        var configuration = app.Services.GetRequiredService<IConfiguration>();
        var redis = (await app.GetConnectionStringAsync("redis"))!;
        var chatDb = (await app.GetConnectionStringAsync("chatdb"))!;
        var redisPassword = redis.Split("password=")[1];
        var mysqlPassword = chatDb.Split("Password=")[1].Split(';')[0];
        var mysqlPort = chatDb.Split("Port=")[1].Split(';')[0];
        var redisPort = redis.Split(',')[0].Split(':')[1];

        var environment = JsonSerializer.Deserialize<Dictionary<string, string>>(await app.GetAsync("chat", "/environment"))!;

        var expected = new Dictionary<string, string>
        {
            ["API_HTTP"] = Url("api"),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["CHATDB_DATABASENAME"] = "chat",
            ["CHATDB_HOST"] = "localhost",
            ["CHATDB_JDBCCONNECTIONSTRING"] = $"jdbc:mysql://localhost:{mysqlPort}/chat",
            ["CHATDB_PASSWORD"] = mysqlPassword,
            ["CHATDB_PORT"] = mysqlPort,
            ["CHATDB_URI"] = $"mysql://root:{mysqlPassword}@localhost:{mysqlPort}/chat",
            ["CHATDB_USERNAME"] = "root",
            ["ConnectionStrings__chatdb"] = $"Server=localhost;Port={mysqlPort};User ID=root;Password={mysqlPassword};Database=chat",
            ["ConnectionStrings__redis"] = $"localhost:{redisPort},password={redisPassword}",
            ["DOCUMENTS_HTTP"] = Url("documents"),
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true",
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"]!,
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={configuration["AppHost:OtlpApiKey"]}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_SERVICE_NAME"] = "chat",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["REDIS_HOST"] = "localhost",
            ["REDIS_PASSWORD"] = redisPassword,
            ["REDIS_PORT"] = redisPort,
            ["REDIS_URI"] = $"redis://:{redisPassword}@localhost:{redisPort}",
            ["services__api__http__0"] = Url("api"),
            ["services__documents__http__0"] = Url("documents"),
        };
        Assert.Equal(expected, environment.Where(e => expected.ContainsKey(e.Key)).ToDictionary());
        Assert.Matches("^service\\.instance\\.id=[a-z]{8}$", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Matches("^http://localhost:[0-9]+$", environment["ASPNETCORE_URLS"]);
    }

    [Fact]
    public async Task Reference_InACircleWithoutWaits_GivesBothTheirAddresses()
    {
        var documents = JsonSerializer.Deserialize<Dictionary<string, string>>(await fixture.App.GetAsync("documents", "/environment"))!;

        Assert.Equal(Url("chat"), documents["services__chat__http__0"]);
        Assert.Equal(Url("documents"), documents["ASPNETCORE_URLS"]);
    }

    [Fact]
    public async Task Replicas_BehindOneEndpoint_AllAnswer()
    {
        var pids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var client = new HttpClient { BaseAddress = fixture.App.GetEndpoint("chat") };
            pids.Add(await client.GetStringAsync(new Uri("/pid", UriKind.Relative), TestHosts.InTime()));
        }

        Assert.Equal(2, pids.Distinct().Count());
    }

    [Fact]
    public async Task Restart_OfServers_KeepsPortAndData()
    {
        var app = fixture.App;
        var redis = (await app.GetConnectionStringAsync("redis"))!;
        var chatDb = (await app.GetConnectionStringAsync("chatdb"))!;
        await Servers.RedisAsync(redis, "SET kept yes");
        await Servers.SqlAsync(chatDb, "create table kept (id int); insert into kept values (42)");

        var results = await Task.WhenAll(
            app.ResourceCommands.ExecuteCommandAsync("redis", "restart", TestHosts.InTime()), app.ResourceCommands.ExecuteCommandAsync("mysql", "restart", TestHosts.InTime()));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestHosts.InTime());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("chatdb", TestHosts.InTime());

        Assert.All(results, r => Assert.True(r.Success, r.Message));
        Assert.Equal("yes", await Servers.RedisAsync(redis, "GET kept"));
        Assert.Equal("42", await Servers.SqlAsync(chatDb, "select id from kept"));
    }

    [Fact]
    public async Task Databases_OfMySql_AreUtf8AndUtc()
    {
        var practiceDb = (await fixture.App.GetConnectionStringAsync("practicedb"))!;

        var answer = await Servers.SqlAsync(practiceDb, "select database(), @@character_set_database, timediff(now(), utc_timestamp())");

        Assert.Equal("practice\tutf8mb4\t00:00:00", answer);
    }

    [Fact]
    public async Task Passwords_OfServers_AreOnNoCommandLine()
    {
        var secrets = new[] { (await fixture.App.GetConnectionStringAsync("redis"))!.Split("password=")[1], (await fixture.App.GetConnectionStringAsync("chatdb"))!.Split("Password=")[1].Split(';')[0] };

        var commandLines = Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(d =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(d, "cmdline"));
            }
            catch (IOException)
            {
                return "";
            }
        });

        Assert.DoesNotContain(commandLines, line => secrets.Any(s => line.Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Log_OfProject_HoldsItsConsole()
    {
        var lines = await fixture.App.LogAsync("api");

        Assert.Contains(lines, l => l.Contains($"Now listening on: {Url("api")}", StringComparison.Ordinal));
    }

    [Fact]
    public void Snapshot_OfHealthyProject_TellsUrlAndReports()
    {
        var snapshot = fixture.App.Snapshot("api");

        Assert.Equal("Running", snapshot.State?.Text);
        Assert.Equal([new UrlSnapshot("http", Url("api"), false)], snapshot.Urls.ToArray());
        Assert.Equal(["api_http_/health_200_check"], snapshot.HealthReports.Select(r => r.Name));
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, snapshot.HealthStatus);
    }

    [Fact]
    public async Task Otlp_WithoutKey_IsRefused()
    {
        var url = fixture.App.Services.GetRequiredService<IConfiguration>()["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        using var client = new HttpClient();
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/x-protobuf");

        using var response = await client.PostAsync(new Uri($"{url}/v1/traces"), content, TestHosts.InTime());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private string Url(string name) => fixture.App.GetEndpoint(name, "http").ToString().TrimEnd('/');
}
