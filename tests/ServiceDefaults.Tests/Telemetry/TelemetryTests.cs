using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Tests.Data;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Tests.Telemetry;

/// <summary>The exporter reads the environment of the process, so these run alone.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryAlone;

[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests
{
    private const string Secret = "s3cr3t-value";

    // Who asked: the issuer's span, of the same trace, has another parent.
    private const string CallerSpan = "00f067aa0ba902b7";

    [Fact]
    [Trait("Spec", "T004-179")]
    public async Task Request_OverDatabaseAndRedis_IsOneTraceWithNamesAndWithoutContents()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, token) = await CallAsync(collector, "/notes/{name}", $"/notes/{Secret}?filter={Secret}");

        var spans = collector.Spans.Where(span => span.TraceId == trace).ToList();
        var server = Assert.Single(spans, span => span.ParentSpanId == CallerSpan);
        Assert.Equal(("GET /notes/{name}", "/notes/{name}", 200L), (server.Name, server.Attributes["http.route"], server.Attributes["http.response.status_code"]));
        Assert.Equal(("defaults-under-test", ActivityKind.Server), (server.ServiceName, server.Kind));
        var sql = Assert.Single(spans, span => span.Name == "select note");
        Assert.Equal(
            ("mysql", "select", "note", "select note"),
            (sql.Attributes["db.system.name"], sql.Attributes["db.operation.name"], sql.Attributes["db.collection.name"], sql.Attributes["db.query.summary"]));
        var redis = Assert.Single(spans, span => span.Name == "GET note");
        Assert.Equal(("redis", "GET"), (redis.Attributes["db.system.name"], redis.Attributes["db.operation.name"]));
        Assert.All([sql, redis], span => Assert.Equal((ActivityKind.Client, server.SpanId), (span.Kind, span.ParentSpanId)));
        AssertNowhere(collector, Secret, except: "url.path");
        AssertNowhere(collector, token);
    }

    [Fact]
    public async Task Request_TokenInQuery_IsExportedNowhere()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, token) = await CallAsync(collector, "/socket", "/socket?token={token}&x=1");

        var server = Assert.Single(collector.Spans, span => span.TraceId == trace && span.ParentSpanId == CallerSpan);
        Assert.Equal(200L, server.Attributes["http.response.status_code"]);
        Assert.DoesNotContain("url.query", server.Attributes.Keys);
        AssertNowhere(collector, token);
    }

    [Fact]
    public async Task Request_Logs_ArriveWithTheTraceAndMasked()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, token) = await CallAsync(collector, "/logs", "/logs");

        var log = Assert.Single(collector.Logs, log => log.Attributes.ContainsKey("Header"));
        Assert.Equal((trace, "Warning", "defaults-under-test"), (log.TraceId, log.SeverityText, log.ServiceName));
        Assert.Equal("Refused ?token=*** and Bearer ***", log.Body);
        Assert.Equal(SubjectOf(token), log.Attributes["user.id"]);
        Assert.Equal(("?token=***", "Bearer ***"), (log.Attributes["Query"], log.Attributes["Header"]));
        var failure = Assert.Single(collector.Logs, log => log.Body == "Failed.");
        Assert.Equal("System.InvalidOperationException", failure.Attributes["exception.type"]);
        Assert.Equal("went to ?token=***", failure.Attributes["exception.message"]);
        Assert.Contains("TelemetryTests", (string?)failure.Attributes["exception.stacktrace"], StringComparison.Ordinal);
        AssertNowhere(collector, token);
    }

    [Fact]
    public async Task Request_SpanWithEventsLinksAndObjects_IsExportedMasked()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, token) = await CallAsync(collector, "/span", "/span");

        var span = Assert.Single(collector.Spans, span => span.TraceId == trace && span.Name == "call ?token=***");
        Assert.Equal("http://localhost/?token=***", span.Attributes["address"]);
        Assert.Equal(["Bearer ***", "plain"], (object?[]?)span.Attributes["headers"]);
        var failed = Assert.Single(span.Events);
        Assert.Equal(
            ("exception", "System.InvalidOperationException", "went to ?token=***"),
            (failed.Name, failed.Attributes["exception.type"], failed.Attributes["exception.message"]));
        Assert.Contains("?token=***", (string?)failed.Attributes["exception.stacktrace"], StringComparison.Ordinal);
        Assert.Single(span.Links);
        AssertNowhere(collector, token);
    }

    [Fact]
    public async Task Request_BaggageAndTraceState_AreExportedNowhere()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, _) = await CallAsync(collector, "/notes/{name}", "/notes/x", headers =>
        {
            headers.Add("tracestate", $"vendor={Secret}");
            headers.Add("baggage", $"note={Secret}");
        });

        Assert.Contains(collector.Spans, span => span.TraceId == trace && span.Name == "select note");
        AssertNowhere(collector, Secret);
    }

    // Categories, levels and providers that an operator may set in appsettings or the environment.
    [Theory]
    [InlineData("Logging:LogLevel:Default", "Information")]
    [InlineData("Logging:LogLevel:Default", "Trace")]
    [InlineData("Logging:LogLevel:Microsoft", "Debug")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Information")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics*", "Information")]
    [InlineData("Logging:Console:LogLevel:Default", "Trace")]
    [InlineData("Logging:Console:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace")]
    public async Task Request_OperatorTurnsLogsUp_AddressesAndValuesAreNotPrinted(string setting, string level)
    {
        const string marker = "marker-in-the-address";
        var (before, printed) = (Console.Out, new StringWriter());
        Console.SetOut(printed);
        try
        {
            await using var service = await TestService.StartAsync(
                Map, settings: new() { [setting] = level, ["Logging:LogLevel:AiPlatform"] = "Information" }, configure: AddUnusedServers);
            await service.GetAsync($"/logs?filter={marker}", service.IssueToken());
            await service.GetAsync($"/unknown?filter={marker}", service.IssueToken());
            await service.GetAsync($"/socket?token={marker}");
            await service.GetAsync($"/bound?number={marker}", service.IssueToken());
            await SendRawAsync(service, $"GET / HTTP/1.1\r\n{marker}\r\n\r\n");
        }
        finally
        {
            Console.SetOut(before);
        }

        var text = printed.ToString();
        Assert.Contains("went to ?token=***", text, StringComparison.Ordinal);
        Assert.DoesNotContain(marker, text, StringComparison.Ordinal);
    }

    // Where spans are exported no logger asks for one; a caller's that is not recorded has an id all the same.
    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    public async Task Request_FailsWhileSpansAreExported_ProblemHasTheCallersTrace(string flags)
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");
        using var environment = Exporting(collector);
        await using var service = await TestService.StartAsync();
        var trace = ActivityTraceId.CreateRandom().ToHexString();

        var response = await service.GetAsync("/nowhere", service.IssueToken(), headers => headers.Add("traceparent", $"00-{trace}-{CallerSpan}-{flags}"));

        Assert.Equal(trace, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task Request_Fails_SpanSaysSoAndKeepsItsRoute()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, _) = await CallAsync(collector, "/unavailable", "/unavailable");

        var server = Assert.Single(collector.Spans, span => span.TraceId == trace && span.ParentSpanId == CallerSpan);
        Assert.Equal(
            ("GET /unavailable", "/unavailable", 503L, ActivityStatusCode.Error),
            (server.Name, server.Attributes["http.route"], server.Attributes["http.response.status_code"], server.Status));
    }

    [Fact]
    public async Task HealthProbe_GivesNoSpanAndMetricsArrive()
    {
        await using var collector = await OtlpCollector.StartAsync(apiKey: "key");

        var (trace, _) = await CallAsync(collector, "/health", "/health");

        Assert.DoesNotContain(collector.Spans, span => span.TraceId == trace && span.ParentSpanId == CallerSpan);
        Assert.Contains(collector.Metrics, metric => metric is { Name: "http.server.request.duration", Unit: "s", ServiceName: "defaults-under-test" });
        Assert.Contains(collector.Metrics, metric => metric.Name.StartsWith("dotnet.", StringComparison.Ordinal));
        Assert.Equal(0, collector.Refused);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("json")]
    public async Task Request_Logs_ArePrintedMasked(string? formatter)
    {
        var (before, printed) = (Console.Out, new StringWriter());
        string token;
        Console.SetOut(printed);
        try
        {
            await using var service = await TestService.StartAsync(Map, settings: new()
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:Console:FormatterName"] = formatter,
            }, configure: AddUnusedServers);
            token = service.IssueToken();
            await service.GetAsync("/logs", token);
        }
        finally
        {
            Console.SetOut(before);
        }

        var text = printed.ToString();
        Assert.Contains("Refused ?token=*** and Bearer ***", text, StringComparison.Ordinal);
        Assert.Contains("went to ?token=***", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
    }

    private static async Task SendRawAsync(TestService service, string request)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(service.Url).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        Assert.StartsWith("HTTP/1.1 400", await new StreamReader(stream).ReadToEndAsync(), StringComparison.Ordinal);
    }

    // The endpoints name them; nobody asks them for anything.
    private static void AddUnusedServers(WebApplicationBuilder builder)
    {
        builder.Configuration["ConnectionStrings:redis"] = "localhost:1";
        builder.AddRedisClient("redis");
        builder.Services.AddSingleton(TestDatabase.Open("Server=localhost;Port=1;User ID=root;Database=none").Database);
    }

    // Starts the service, asks once, stops it: stopping sends what is still held back.
    private static async Task<(string TraceId, string Token)> CallAsync(
        OtlpCollector collector, string route, string path, Action<HttpRequestHeaders>? more = null)
    {
        var servers = await DataServers.StartAsync();
        var database = await servers.CreateDatabaseAsync("telemetry");
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var environment = Exporting(collector);
        await using var service = await TestService.StartAsync(
            Map,
            builder =>
            {
                builder.AddMySqlDataSource("db", typeof(TelemetryTests).Assembly);
                builder.AddRedisClient("redis");
            },
            new()
            {
                ["ConnectionStrings:db"] = database,
                ["ConnectionStrings:redis"] = servers.RedisConnectionString,
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:Console:LogLevel:Default"] = "None",
            });
        var token = service.IssueToken();

        var inQuery = path.Contains("{token}", StringComparison.Ordinal);
        var response = await service.GetAsync(
            path.Replace("{token}", token, StringComparison.Ordinal),
            inQuery ? null : token,
            headers =>
            {
                headers.Add("traceparent", $"00-{trace}-{CallerSpan}-01");
                more?.Invoke(headers);
            });

        Assert.True(response.IsSuccessStatusCode || route == "/unavailable", $"{route}: {response.StatusCode}");
        return (trace, token);
    }

    private static ScopedEnvironment Exporting(OtlpCollector collector) => new(new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = collector.Headers,
        ["OTEL_SERVICE_NAME"] = "defaults-under-test",
    });

    private static void Map(WebApplication app)
    {
        app.MapGet("/notes/{name}", async (string name, Database database, RedisClient redis, CancellationToken cancellationToken) =>
        {
            await redis.RunAsync("GET note", cache => cache.StringGetAsync(name), cancellationToken);
            await new TestDatabase(database, "").ScalarAsync<int>(
                $"select count(*) from note where name = @name and name <> '{Secret}'", new { name }, cancellationToken);
        });
        app.MapGet("/socket", (CurrentUser user) => user.Role.ToString()).AllowQueryToken();
        app.MapGet("/logs", (AuthenticatedUser caller, ILogger<TelemetryTests> logger) =>
        {
            logger.LogWarning("Refused {Query} and {Header}", $"?token={caller.Token}", $"Bearer {caller.Token}");
            try
            {
                throw new InvalidOperationException($"went to ?token={caller.Token}");
            }
            catch (InvalidOperationException exception)
            {
                logger.LogError(exception, "Failed.");
            }
        });
        app.MapGet("/bound", (int number) => number);
        app.MapGet("/span", (AuthenticatedUser caller) =>
        {
            using var source = new ActivitySource("AiPlatform.Tests");
            using var activity = source.StartActivity(
                $"call ?token={caller.Token}",
                ActivityKind.Client,
                default(ActivityContext),
                links: [new(new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default), new() { ["sent"] = $"Bearer {caller.Token}" })])!;
            activity.SetTag("address", new Uri($"http://localhost/?token={caller.Token}"));
            activity.SetTag("headers", (string[])[$"Bearer {caller.Token}", "plain"]);
            activity.AddException(new InvalidOperationException($"went to ?token={caller.Token}"));
            activity.SetStatus(ActivityStatusCode.Error, $"token={caller.Token}");
        });
        app.MapGet("/unavailable", void () => throw new DomainException(DomainErrorKind.Unavailable, "note.unavailable", "Not now."));
    }

    private static string? SubjectOf(string token) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("sub").GetString();

    private static void AssertNowhere(OtlpCollector collector, string text, string? except = null)
    {
        // What was received, as it came: also what the reader leaves out (status texts, trace state, link attributes).
        if (except is null)
        {
            Assert.DoesNotContain(collector.Payloads, payload => payload.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);
        }

        var exported = collector.Spans.SelectMany(span => span.Attributes.Where(attribute => attribute.Key != except).Select(attribute => $"{attribute.Value}").Append(span.Name))
            .Concat(collector.Logs.SelectMany(log => log.Attributes.Select(attribute => $"{attribute.Value}").Append(log.Body)))
            .Concat(collector.Metrics.SelectMany(metric => metric.Attributes.Select(attribute => $"{attribute.Value}")));

        Assert.DoesNotContain(exported, value => value.Contains(text, StringComparison.Ordinal));
    }

    private sealed class ScopedEnvironment : IDisposable
    {
        private readonly Dictionary<string, string?> _before = [];

        public ScopedEnvironment(Dictionary<string, string?> variables)
        {
            foreach (var (name, value) in variables)
            {
                _before[name] = Environment.GetEnvironmentVariable(name);
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        public void Dispose()
        {
            foreach (var (name, value) in _before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }
}
