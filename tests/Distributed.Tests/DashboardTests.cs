using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Distributed.Tests;

/// <summary>A graph of its own: in the shared one the services send their telemetry to the tests.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private static readonly string[] Services = ["api", "chat", "documents"];
    // The boot of a graph among others, two conversations, and their spans.
    private readonly CancellationToken _bound = new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token;
    private DistributedApplication? _app;

    private DistributedApplication App => _app!;

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Models:OpenAi:BaseUrl=", "--Models:OpenAi:ApiKey="], _bound);
        _app = await builder.BuildAsync(_bound);
        await App.StartAsync(_bound);
        foreach (var service in Services)
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(service, _bound);
        }
    }

    public Task DisposeAsync() => App.DisposeAsync().AsTask();

    [Fact]
    public async Task Spans_OfTheMainJob_AreOneTraceOverThreeServicesWithItsModelAndTools()
    {
        var frames = await ConverseAsync();
        var (runId, tools) = (frames[^1].RunId!, Conversation.ToolsOf(frames));
        using var dashboard = CreateDashboardClient();

        var traceId = await FollowUntilAsync(dashboard, runId, tools.Count);
        var answer = await dashboard.GetFromJsonAsync<JsonElement>($"/api/telemetry/spans?traceId={traceId}&limit=10000", _bound);

        var spans = SpansOf(answer.GetProperty("data")).ToList();
        Assert.Equal(answer.GetProperty("totalCount").GetInt32(), spans.Count);
        Assert.Equal(Services, spans.Select(span => span.Service).Distinct().Order());
        Assert.All(spans, span => Assert.Equal(traceId, span.TraceId));
        Assert.Equal(tools.Order(), spans.Where(span => span["gen_ai.operation.name"] == "execute_tool").Select(span => span["gen_ai.tool.name"]).Order());
        var models = spans.FindAll(span => span["gen_ai.operation.name"] == "chat");
        Assert.NotEmpty(models);
        Assert.All(models, span => Assert.Equal(("chat", true), (span.Service, long.Parse(span["gen_ai.usage.input_tokens"]!, CultureInfo.InvariantCulture) > 0)));
    }

    /// <returns>The frames of both runs: all that is said on a socket is one trace.</returns>
    private async Task<IReadOnlyList<ReceivedFrame>> ConverseAsync()
    {
        var token = await SampleSignIn.TokenAsync(App);
        using var api = App.CreateHttpClient("api");
        api.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var sessions = await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=1", _bound);
        var client = sessions.GetProperty("items")[0].GetProperty("clientName").GetString()!;
        await using var socket = await Conversation.OpenAsync(App, token, $"dashboard-{Guid.CreateVersion7():N}");
        var find = await Conversation.SayAsync(socket, Conversation.FindSession(client));
        return [.. find, .. await Conversation.SayAsync(socket, Conversation.WriteNote)];
    }

    private HttpClient CreateDashboardClient()
    {
        var configuration = App.Services.GetRequiredService<IConfiguration>();
        var client = new HttpClient { BaseAddress = new Uri(configuration["ASPNETCORE_URLS"]!) };
        client.DefaultRequestHeaders.Add("X-API-Key", configuration["AppHost:BrowserToken"]);
        return client;
    }

    /// <summary>Spans come as they end and as each service sends them: follows them until what the run must have left is there.</summary>
    private async Task<string> FollowUntilAsync(HttpClient dashboard, string runId, int tools)
    {
        using var response = await dashboard.GetAsync(new Uri("/api/telemetry/spans?follow=true&limit=10000", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, _bound);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_bound));
        var spans = new List<DashboardSpan>();
        string? line = "";
        try
        {
            while ((line = await reader.ReadLineAsync(_bound)) is not null)
            {
                spans.AddRange(SpansOf(JsonDocument.Parse(line).RootElement));
                if (spans.Find(span => span["chat.run.id"] == runId) is { } run && IsWhole(spans.FindAll(span => span.TraceId == run.TraceId), tools))
                {
                    return run.TraceId;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, with what there was.
        }

        var names = spans.Select(span => $"{span.TraceId[^4..]} {span.Service} {span.Name} {span["chat.run.id"]}");
        throw new InvalidOperationException($"The trace of {runId} did not become whole with {tools} tools. There were: {string.Join(", ", names)}");
    }

    private static bool IsWhole(List<DashboardSpan> spans, int tools) =>
        Services.All(service => spans.Exists(span => span.Service == service))
        && spans.Count(span => span["gen_ai.operation.name"] == "execute_tool") == tools
        && spans.Exists(span => span["gen_ai.operation.name"] == "chat");

    private static IEnumerable<DashboardSpan> SpansOf(JsonElement telemetry) =>
        from ofResource in telemetry.GetProperty("resourceSpans").EnumerateArray()
        from ofScope in ofResource.GetProperty("scopeSpans").EnumerateArray()
        from span in ofScope.GetProperty("spans").EnumerateArray()
        select new DashboardSpan(AttributesOf(ofResource.GetProperty("resource"))["service.name"], span.GetProperty("traceId").GetString()!, span.GetProperty("name").GetString()!, AttributesOf(span));

    // {"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}}
    private static Dictionary<string, string> AttributesOf(JsonElement owner) => owner.TryGetProperty("attributes", out var attributes)
        ? attributes.EnumerateArray().ToDictionary(
            attribute => attribute.GetProperty("key").GetString()!, attribute => attribute.GetProperty("value").EnumerateObject().First().Value.ToString())
        : [];

    private sealed record DashboardSpan(string Service, string TraceId, string Name, Dictionary<string, string> Attributes)
    {
        public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
    }
}
