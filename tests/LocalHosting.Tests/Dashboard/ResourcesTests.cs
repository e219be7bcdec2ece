using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class ResourcesTests
{
    [Fact]
    public async Task List_OfAModel_TellsWhatRunsAndWhoUsesWhom()
    {
        await using var host = await DashboardHost.StartAsync(builder =>
        {
            var key = builder.AddParameter("model-key", () => "s3cret-value", secret: true);
            var api = builder.AddShell("api", "sleep 60").WithHttpEndpoint(env: "PORT").WithEnvironment("MODE", "quick");
            builder.AddShell("chat", "sleep 60").WithEnvironment("Models__Endpoint", $"https://models.example?of={key}").WithReference(api.GetEndpoint("http")).WaitForStart(api);
        });
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("chat", TestHosts.InTime());
        using var browser = await host.LogInAsync();

        var list = await ListAsync(browser);

        var api = list.Single(r => r.Name == "api");
        var port = new Uri(api.Urls.Single().Url).Port;
        Assert.Equal(["model-key", "api", "chat"], list.Select(r => r.Name));
        Assert.Equal(("Executable", "Running", "success", "Healthy", "/bin/sh", null), (api.Type, api.State, api.StateStyle, api.Health, api.Source, api.Parent));
        Assert.Equal([new("MODE", "quick", false), new("PORT", $"{port}", false)], api.Environment);
        Assert.Equal([new("start", false), new("stop", true), new("restart", true)], api.Commands);
        Assert.True(Environment.ProcessId != api.Instances.Single().Pid && api.Instances.Single().Pid > 0 && api.Start > 0 && api.Stop is null);
        var chat = list.Single(r => r.Name == "chat");
        Assert.Equal((string[])["api"], chat.References);
        Assert.Equal((string[])["api"], chat.WaitsFor);
        Assert.Equal([new("API_HTTP", api.Urls.Single().Url, false), new("Models__Endpoint", null, true), new("services__api__http__0", api.Urls.Single().Url, false)], chat.Environment);
        var parameter = list.Single(r => r.Name == "model-key");
        Assert.Equal([new("Value", null, true)], parameter.Environment);
        Assert.Empty(parameter.Commands);
    }

    [Fact]
    public async Task Secret_OfAnyKind_StaysOutOfTheListAndIsToldWhenAskedFor()
    {
        await using var host = await DashboardHost.StartAsync(builder =>
        {
            var key = builder.AddParameter("model-key", () => "s3cret-value", secret: true);
            builder.AddShell("chat", "sleep 60")
                .WithEnvironment("Whole", key)
                .WithEnvironment("Inside", $"https://models.example?of={key}")
                .WithEnvironment("ConnectionStrings__db", "Server=db;User ID=root;Password=s3cret-password")
                .WithEnvironment("ADDRESS", "redis://:s3cret-password@localhost:6379")
                .WithEnvironment("GITHUB_TOKEN", "s3cret-token")
                .WithEnvironment("Models__OpenAi__ApiKey", "s3cret-key")
                .WithOtlpExporter();
        });
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("chat", TestHosts.InTime());
        using var browser = await host.LogInAsync();

        var text = await browser.GetStringAsync(new Uri("/api/resources", UriKind.Relative), TestHosts.InTime());
        var secrets = (await ListAsync(browser)).Single(r => r.Name == "chat").Environment.Where(v => v.IsSecret).ToList();
        var told = new List<string?>();
        foreach (var secret in secrets)
        {
            told.Add((await browser.GetFromJsonAsync<VariableValue>($"/api/resources/chat/environment/{secret.Name}", TestHosts.InTime()))!.Value);
        }

        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.OtlpKey, text, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Token, text, StringComparison.Ordinal);
        Assert.Equal(["ADDRESS", "ConnectionStrings__db", "GITHUB_TOKEN", "Inside", "Models__OpenAi__ApiKey", "OTEL_EXPORTER_OTLP_HEADERS", "Whole"], secrets.Select(s => s.Name));
        Assert.Equal(
            [
                "redis://:s3cret-password@localhost:6379", "Server=db;User ID=root;Password=s3cret-password", "s3cret-token", "https://models.example?of=s3cret-value",
                "s3cret-key", $"x-otlp-api-key={host.OtlpKey}", "s3cret-value",
            ],
            told);
    }

    [Theory]
    [InlineData("MODE", "quick", false)]
    [InlineData("MONKEY", "banana", false)]
    [InlineData("MAX_TOKENS", "4096", false)]
    [InlineData("services__api__http__0", "http://localhost:5301", false)]
    [InlineData("API_KEY", "", false)]
    [InlineData("API_KEY", "x", true)]
    [InlineData("apiKey", "x", true)]
    [InlineData("Auth__Services__0__Secret", "x", true)]
    [InlineData("DB_PASSWORD", "x", true)]
    [InlineData("DSN", "mysql://root:x@localhost", true)]
    [InlineData("REDIS", "localhost:6379,password=x", true)]
    [InlineData("STORAGE", "DefaultEndpointsProtocol=https;AccountKey=x", true)]
    [InlineData("PIN", "1234", true)]
    [InlineData("PORT", "51234", false)]
    public async Task Secret_ByNameOrValue_IsKnown(string name, string value, bool isSecret)
    {
        var builder = TestHosts.Create();
        builder.AddParameter("pin", () => "1234", secret: true);
        await using var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("pin", cancellationToken: TestHosts.InTime());

        Assert.Equal(isSecret, app.Services.GetRequiredService<SecretValues>().IsSecret(name, value));
    }

    [Fact]
    public async Task Health_OfAFailingCheck_TellsTheReasonWithoutSecrets()
    {
        await using var host = await DashboardHost.StartAsync(builder =>
        {
            builder.AddParameter("volume", () => "s3cret-volume", secret: true);
            builder.Services.AddHealthChecks().AddCheck("disk", () => HealthCheckResult.Degraded("12 MB are left on s3cret-volume."));
            builder.AddShell("api", "sleep 60").WithHealthCheck("disk");
        });
        await host.Get<ResourceNotificationService>().WaitForResourceAsync("api", e => e.Snapshot.HealthStatus == HealthStatus.Degraded, TestHosts.InTime());
        using var browser = await host.LogInAsync();

        var api = (await ListAsync(browser)).Single(r => r.Name == "api");

        Assert.Equal(("Running", "warning", "Degraded"), (api.State, api.StateStyle, api.Health));
        Assert.Equal([new("disk", "Degraded", "12 MB are left on ***.", null)], api.HealthReports);
    }

    [Fact]
    public async Task Command_OfAProcess_StopsStartsAndRestartsIt()
    {
        await using var host = await DashboardHost.StartAsync(builder => builder.AddShell("api", "exec sleep 60"));
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("api", TestHosts.InTime());
        using var browser = await host.LogInAsync();
        var first = (await ListAsync(browser)).Single();

        var stopped = await CommandAsync(browser, "api", "stop");
        var whileStopped = (await ListAsync(browser)).Single();
        var stoppedAgain = await CommandAsync(browser, "api", "stop");
        var restartedWhileStopped = await CommandAsync(browser, "api", "restart");
        var started = await CommandAsync(browser, "api", "start");
        var second = (await ListAsync(browser)).Single();
        var restarted = await CommandAsync(browser, first.Instances[0].Id, "restart");
        var third = (await ListAsync(browser)).Single();

        Assert.Equal(
            [(200, true), (409, null), (409, null), (200, true), (200, true)],
            new[] { stopped, stoppedAgain, restartedWhileStopped, started, restarted });
        Assert.Equal(("Finished", null), (whileStopped.State, whileStopped.Instances[0].Pid));
        Assert.NotNull(whileStopped.Stop);
        Assert.Equal([new("start", true), new("stop", false), new("restart", false)], whileStopped.Commands);
        Assert.Equal(("Running", "Running"), (second.State, third.State));
        Assert.Equal(3, new[] { first, second, third }.Select(r => r.Instances[0].Pid).Distinct().Count());
    }

    [Fact]
    public async Task Command_StartOfWhatWaits_AnswersBeforeTheWaitIsOver()
    {
        var time = new TestTimeProvider();
        await using var host = await DashboardHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            var never = builder.AddShell("never", "sleep 60").WithExplicitStart();
            builder.AddShell("api", "sleep 60").WithExplicitStart().WaitForStart(never);
        });
        using var browser = await host.LogInAsync();
        var before = (await ListAsync(browser)).Single(r => r.Name == "api");

        var answer = browser.PostAsync(new Uri("/api/resources/api/commands/start", UriKind.Relative), null, TestHosts.InTime());
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return answer.IsCompleted;
        });

        using var response = await answer;
        Assert.Equal(("NotStarted", "info", null), (before.State, before.StateStyle, before.Start));
        Assert.Equal([new("start", true), new("stop", false), new("restart", false)], before.Commands);
        Assert.Equal(new CommandResult(true, "api is still on its way."), await response.Content.ReadFromJsonAsync<CommandResult>(TestHosts.InTime()));
        Assert.Equal("Waiting", (await ListAsync(browser)).Single(r => r.Name == "api").State);
    }

    [Fact]
    public async Task Command_FromAnotherSite_IsRefusedAndDoesNothing()
    {
        await using var host = await DashboardHost.StartAsync(builder => builder.AddShell("api", "sleep 60"));
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("api", TestHosts.InTime());
        using var browser = await host.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/resources/api/commands/stop", UriKind.Relative));
        request.Headers.Add("Origin", "http://localhost:3000");

        using var response = await browser.SendAsync(request, TestHosts.InTime());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("Running", Assert.Single(await ListAsync(browser)).State);
    }

    [Fact]
    public async Task Replicas_OneEnded_AreToldOneByOne()
    {
        await using var host = await DashboardHost.StartAsync(builder => builder.AddWeb("web").WithReplicas(2));
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("web", TestHosts.InTime());
        using var browser = await host.LogInAsync();
        var before = (await ListAsync(browser)).Single();

        await CommandAsync(browser, before.Instances[0].Id, "stop");

        var after = (await ListAsync(browser)).Single();
        Assert.Equal(("Running", 2), (before.State, before.Instances.Select(i => i.Pid).Distinct().Count()));
        Assert.Equal(3, before.Instances.SelectMany(i => i.Urls).Concat(before.Urls).Select(u => u.Url).Distinct().Count());
        Assert.Equal(("1 of 2 running", "warning"), (after.State, after.StateStyle));
        Assert.Equal(["Finished", "Running"], after.Instances.Select(i => i.State));
        Assert.Equal([new("start", true), new("stop", true), new("restart", true)], after.Commands);
        Assert.Equal([new("start", true), new("stop", false), new("restart", false)], after.Instances[0].Commands);
        Assert.Equal([new("start", false), new("stop", true), new("restart", true)], after.Instances[1].Commands);
    }

    [Theory]
    [InlineData("POST", "/api/resources/nobody/commands/stop")]
    [InlineData("POST", "/api/resources/api/commands/destroy")]
    [InlineData("POST", "/api/resources/setting/commands/stop")]
    [InlineData("GET", "/api/resources/nobody/environment/MODE")]
    [InlineData("GET", "/api/resources/api/environment/PATH")]
    public async Task Ask_ForWhatThereIsNot_IsNotFound(string method, string path)
    {
        await using var host = await DashboardHost.StartAsync(builder =>
        {
            builder.AddParameter("setting", () => "x");
            builder.AddShell("api", "sleep 60").WithEnvironment("MODE", "quick");
        });
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("api", TestHosts.InTime());
        using var browser = await host.LogInAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));

        using var response = await browser.SendAsync(request, TestHosts.InTime());

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Change_OfAState_ReachesAnOpenPage()
    {
        await using var host = await DashboardHost.StartAsync(builder => builder.AddShell("api", "sleep 60"));
        await host.Get<ResourceNotificationService>().WaitForResourceHealthyAsync("api", TestHosts.InTime());
        using var browser = await host.LogInAsync();
        await using var events = await EventReader.OpenAsync(browser, "resources");

        await CommandAsync(browser, "api", "stop");

        await events.UntilAsync("resources", list => list[0]!["state"]!.GetValue<string>() == "Finished");
    }

    private static async Task<List<ResourceItem>> ListAsync(HttpClient browser) =>
        (await browser.GetFromJsonAsync<List<ResourceItem>>("/api/resources", TestHosts.InTime()))!;

    private static async Task<(int Status, bool? Success)> CommandAsync(HttpClient browser, string name, string command)
    {
        using var response = await browser.PostAsync(new Uri($"/api/resources/{name}/commands/{command}", UriKind.Relative), null, TestHosts.InTime());
        var json = await response.Content.ReadFromJsonAsync<JsonNode>(TestHosts.InTime());
        return ((int)response.StatusCode, json!["success"]?.GetValue<bool>());
    }
}
