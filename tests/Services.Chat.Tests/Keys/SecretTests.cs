using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Tests.Gateway;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Keys;

/// <summary>What opens something is in no log line, span or metric, however much of them is written.</summary>
public sealed class SecretTests
{
    private const string CacheKey = "cache-5d70e4b2a9c8461f-long-enough";
    private const string ClientSecret = "service-b17c93de02fa4586";

    [Fact]
    public async Task Serve_WithEverythingLoggedAndExported_TellsNoSecret()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var model = await ModelServer.StartAsync(CatalogueFile.Key);
        model.Respond = _ => ModelReply.Text("Hello.");
        using var catalogue = new CatalogueFile(model);
        await using var host = await KeyHost.StartAsync();
        await using var issuer = await JwksServer.StartAsync(host.Chat.Tokens);
        await using var service = await ServiceProcess.StartAsync("Services.Chat", new Dictionary<string, string>(host.Chat.Settings)
        {
            ["Auth:Authority"] = issuer.Url,
            ["Auth:ClientSecret"] = ClientSecret,
            ["Gateway:Cache:Enabled"] = "true",
            ["Gateway:Cache:Key"] = CacheKey,
            ["Logging:LogLevel:Default"] = "Trace",
            ["MODELS_CONFIG"] = catalogue.Path,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });
        using var owner = new HttpClient { BaseAddress = service.Url };
        var token = host.Chat.Tokens.Issue(host.Owner);
        owner.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var made = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new { name = "a" });
        var (id, first) = await SecretAsync(made);
        using var rotated = await KeyHost.SendAsync(owner, HttpMethod.Post, $"/api/v1/keys/{id}/rotate", new { }, "*");
        var (_, second) = await SecretAsync(rotated);
        using var program = new HttpClient { BaseAddress = service.Url };

        foreach (var (secret, status) in new[] { (first, HttpStatusCode.Unauthorized), (second, HttpStatusCode.OK) })
        {
            program.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            foreach (var group in new[] { "chat", "responses", "anthropic", "gemini", "chat" })
            {
                Assert.Equal(status, (await KeyHost.AskAsync(program, group)).StatusCode);
            }

            await program.GetAsync($"/v1/models/{secret}");
            await program.GetAsync($"/chat/ws?token={secret}");
        }

        // The last of all, so that what came before is there with it.
        await collector.WaitForSpansAsync(spans => spans.Count(span => span.Name == "GET /chat/ws") == 2);
        await collector.WaitForLogsAsync(logs => logs.Any(log => log.Body.Contains($"{id}", StringComparison.Ordinal)));
        await collector.WaitForMetricsAsync(metrics => metrics.Any(metric => metric.Name == "gen_ai.client.token.usage"));
        var log = await service.ReadLogAsync();
        Assert.Contains($"Key {id} was rotated", log, StringComparison.Ordinal);
        Assert.All(
            [first["sk-aip-".Length..], second["sk-aip-".Length..], KeySecret.HashOfGiven(second)!, CatalogueFile.Key, CacheKey, ClientSecret, token],
            secret =>
            {
                Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
                Assert.DoesNotContain(collector.Payloads, payload => payload.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0);
            });
    }

    private static async Task<(Guid Id, string Secret)> SecretAsync(HttpResponseMessage response)
    {
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return (body.GetProperty("key").GetProperty("id").GetGuid(), body.GetProperty("secret").GetString()!);
    }
}
